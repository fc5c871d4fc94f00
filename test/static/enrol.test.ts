import t from 'tap'
import { build } from '../helpers/app.ts'
import { launch, launchWithTwoCameras, noBrowser, openPage, screenshot, serve, takeShots } from '../helpers/browser.ts'
import { changed, drawing, portrait } from '../helpers/photos.ts'

t.test('enrolment in a browser', { skip: noBrowser }, async t => {
  const [{ app, services }, browser] = await Promise.all([build(t), launch(t)])
  const address = await serve(app)

  t.test('enrols by camera', async t => {
    const page = await openPage(t, browser, address)
    await page.getByRole('textbox', { name: 'User name' }).fill('Anna Camera')
    await page.getByRole('button', { name: 'Use camera' }).click()
    await takeShots(page, 3)
    await page.locator('.stage-hint').getByText(/^(Lift your chin|Good)/).waitFor()
    await screenshot(page, 'enrol-camera')
    await page.getByRole('button', { name: 'Enrol with 3 photos' }).click()
    await page.getByText('Anna Camera is enrolled. The template is made of 3 photos.').first().waitFor()
    await screenshot(page, 'enrol-done')
    t.equal(await page.getByRole('img', { name: 'Accepted' }).count(), 3)
    t.equal((await services.store.findUser('Anna Camera'))?.shots.length, 3)

    await page.getByRole('button', { name: 'Clear' }).click()
    t.equal(await page.getByRole('img', { name: /^Shot/ }).count(), 0, 'clear takes the thumbnails away')
    t.equal(await page.getByRole('textbox', { name: 'User name' }).inputValue(), '')
  })

  t.test('switches between cameras and turns the camera off with the view', async t => {
    const page = await openPage(t, await launchWithTwoCameras(t), address, { expectedErrors: /404/ })
    const camera = () =>
      page.evaluate<string>(
        'document.querySelector("#enrol-source video").srcObject?.getVideoTracks()[0].getSettings().deviceId ?? "off"'
      )
    await page.getByRole('button', { name: 'Use camera' }).click()
    await page.getByRole('button', { name: 'Take photo' }).waitFor()
    const first = await camera()
    await page.getByRole('button', { name: 'Switch camera' }).click()
    await page.getByRole('button', { name: 'Take photo' }).waitFor()
    await page.waitForFunction('document.querySelector("#enrol-source video").srcObject !== null')
    t.not(await camera(), first)
    await page.getByRole('tab', { name: 'System' }).click()
    t.equal(await camera(), 'off')
  })

  t.test('says for each shot why it was rejected', async t => {
    const page = await openPage(t, browser, address)
    await page.getByRole('textbox', { name: 'User name' }).fill('Anna Mixed')
    await page.locator('#enrol-source input').setInputFiles([
      { name: 'anna.jpg', mimeType: 'image/jpeg', buffer: await portrait('anna1') },
      { name: 'wall.png', mimeType: 'image/png', buffer: await drawing('png') },
      {
        name: 'dark.jpg',
        mimeType: 'image/jpeg',
        buffer: await changed(await portrait('anna3'), image => image.linear(0.2, 0))
      },
      { name: 'again.jpg', mimeType: 'image/jpeg', buffer: await portrait('anna1') }
    ])
    await page.getByRole('button', { name: 'Enrol with 4 photos' }).click()
    await page.getByText('Anna Mixed is enrolled. The template is made of 1 photo.').first().waitFor()
    t.ok(await page.getByText('Shot 2 No face was found.').isVisible())
    t.ok(await page.getByText('Shot 3 The face is too dark. More light').isVisible())
    t.ok(await page.getByText('Shot 4 This photo is already enrolled.').isVisible())
    t.equal(await page.getByRole('img', { name: 'Accepted' }).count(), 1)
    await screenshot(page, 'enrol-rejected-shots')
  })

  t.test('refuses a second person and keeps the photos, to be sent without the odd one', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /409/ })
    await page.getByRole('textbox', { name: 'User name' }).fill('Anna Or Berta')
    await page.locator('#enrol-source input').setInputFiles([
      { name: 'anna.jpg', mimeType: 'image/jpeg', buffer: await portrait('anna1') },
      { name: 'berta.jpg', mimeType: 'image/jpeg', buffer: await portrait('berta') },
      { name: 'anna3.jpg', mimeType: 'image/jpeg', buffer: await portrait('anna3') }
    ])
    const answered = page.waitForResponse('**/api/signup')
    await page.getByRole('button', { name: 'Enrol with 3 photos' }).click()
    const { requestId } = await (await answered).json()
    const alert = page.getByRole('alert')
    await alert.getByText('The photos do not all show one person').waitFor()
    t.ok(await alert.getByText(`Request ${requestId}`).isVisible())
    t.equal(await page.getByRole('img', { name: 'Shot 2, Rejected' }).count(), 1, 'the odd one is marked')
    await page.getByRole('button', { name: 'Remove shot 2' }).click()
    await page.getByRole('button', { name: 'Enrol with 2 photos' }).click()
    await page.getByText('Anna Or Berta is enrolled.').first().waitFor()
  })

  t.test('says so when no photo can be used, and stores nothing', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /422/ })
    await page.getByRole('textbox', { name: 'User name' }).fill('Nobody')
    await page
      .locator('#enrol-source input')
      .setInputFiles({ name: 'wall.png', mimeType: 'image/png', buffer: await drawing('png') })
    await page.getByRole('button', { name: 'Enrol with 1 photo' }).click()
    await page.getByText('No photo was accepted').waitFor()
    t.ok(await page.getByText('Shot 1 No face was found. Keep the whole face inside the oval.').isVisible())
    t.equal(await services.store.findUser('Nobody'), null)
  })

  t.test('converts what the server does not take, scales what is huge, and keeps it upright', async t => {
    const page = await openPage(t, browser, address)
    const upright = await portrait('anna1', 2400)
    const turned = await changed(upright, image => image.rotate(-90).withMetadata({ orientation: 6 }).jpeg())
    await page.getByRole('textbox', { name: 'User name' }).fill('Anna Huge')
    await page.locator('#enrol-source input').setInputFiles([
      { name: 'huge.jpg', mimeType: 'image/jpeg', buffer: turned },
      {
        name: 'anna.avif',
        mimeType: 'image/avif',
        buffer: await changed(await portrait('anna3'), image => image.avif())
      }
    ])
    await page.getByRole('img', { name: 'Shot 2' }).waitFor()
    const scaled = await page
      .getByRole('img', { name: 'Shot 1' })
      .evaluate((image: { naturalWidth: number; naturalHeight: number }) => [image.naturalWidth, image.naturalHeight])
    t.same(scaled, [2000, 2048], 'upright and within 2048 pixels')
    await page.getByRole('button', { name: 'Enrol with 2 photos' }).click()
    await page.getByText('The template is made of 2 photos.').first().waitFor()
  })

  t.test('explains what a browser cannot read', async t => {
    const page = await openPage(t, browser, address)
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(2000, 1)])
    await page.locator('#enrol-source input').setInputFiles([
      { name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer: heic },
      { name: 'notes.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('these are notes') }
    ])
    await page.getByText('IMG_0001.HEIC is a HEIC photo, which this browser cannot read.').waitFor()
    await page.getByText('notes.jpg cannot be read as a photo.').waitFor()
    await screenshot(page, 'enrol-unreadable')
    t.equal(await page.getByRole('img', { name: /^Shot/ }).count(), 0)
  })

  t.test('takes five photos and no more', async t => {
    const page = await openPage(t, browser, address)
    const photo = await portrait('anna1')
    const files = Array.from({ length: 6 }, (_, index) => ({
      name: `${index}.jpg`,
      mimeType: 'image/jpeg',
      buffer: photo
    }))
    await page.locator('#enrol-source input').setInputFiles(files)
    await page.getByText('Five photos are enough.').waitFor()
    await page.getByText('5 of 5').waitFor()
    await page.getByRole('button', { name: 'Remove shot 2' }).click()
    await page.getByText('4 of 5').waitFor()
    t.equal(await page.getByRole('img', { name: /^Shot/ }).count(), 4)
  })

  t.test('takes dropped files', async t => {
    const page = await openPage(t, browser, address)
    const base64 = (await portrait('anna1')).toString('base64')
    const transfer = await page.evaluateHandle(`(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([Uint8Array.from(atob("${base64}"), c => c.charCodeAt(0))], "drop.jpg", { type: "image/jpeg" }))
      return transfer
    })()`)
    await page.dispatchEvent('#enrol-source', 'drop', { dataTransfer: transfer })
    await page.getByRole('img', { name: 'Shot 1, Ready to send' }).waitFor()
    t.pass('the photo is a shot')
  })

  t.test('without camera permission it says what to do and files still work', async t => {
    const page = await openPage(t, browser, address, { camera: false })
    await page.getByRole('button', { name: 'Use camera' }).click()
    await page.getByRole('alert').getByText('The browser was not allowed to use the camera.').waitFor()
    await screenshot(page, 'enrol-no-permission')
    await page
      .locator('#enrol-source input')
      .setInputFiles({ name: 'anna.jpg', mimeType: 'image/jpeg', buffer: await portrait('anna1') })
    await page.getByRole('img', { name: 'Shot 1, Ready to send' }).waitFor()
    t.pass('a file was taken instead')
  })

  t.test('works with the keyboard alone', async t => {
    const page = await openPage(t, browser, address, { expectedErrors: /404/ }) // a service without metrics
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.textContent || document.activeElement.getAttribute("aria-label") || document.activeElement.id'
      )
    const tabTo = async (name: string) => {
      for (let presses = 0; presses < 30; presses++) {
        if ((await focused()).trim() === name) return
        await page.keyboard.press('Tab')
      }
      t.fail(`${name} cannot be reached with Tab`)
    }
    await page.keyboard.press('Tab')
    t.equal(await focused(), 'Skip to content')
    await tabTo('Enrol')
    await page.keyboard.press('ArrowRight')
    t.equal(await focused(), 'Verify')
    await page.keyboard.press('End')
    t.equal(await focused(), 'System')
    await page.keyboard.press('Home')
    await tabTo('Use camera')
    await page.keyboard.press('Enter')
    await page.locator('.shutter:focus').waitFor()
    await page.keyboard.press('Space')
    await page.getByRole('img', { name: 'Shot 1, Ready to send' }).waitFor()
    await tabTo('enrol-name')
    await page.keyboard.type('Anna Keys')
    await page.keyboard.press('Enter')
    await page.getByText('Anna Keys is enrolled. The template is made of 1 photo.').first().waitFor()
    t.equal((await services.store.findUser('Anna Keys'))?.shots.length, 1)
  })
})
