import t from 'tap'
import { build, send, signup } from '../helpers/app.ts'
import { changed, drawing, portrait, samplePhoto } from '../helpers/photos.ts'

t.test('signup with real models', async t => {
  const { app } = await build(t)
  const anna1 = await portrait('anna1')
  const anna3 = await portrait('anna3')

  t.test('several photos of one person, a bad one among them', async t => {
    const answer = await signup(app, 'anna', anna1, Buffer.from('no picture'), anna3, anna1)
    t.equal(answer.statusCode, 200)
    t.match(answer.json(), {
      status: true,
      message: 'User enrolled. shots=2',
      user: 'anna',
      shots: 2,
      accepted: [{ index: 0, filename: '0.jpg', face: [Number, Number, Number, Number] }, { index: 2 }],
      rejected: [
        { index: 1, filename: '1.jpg', code: 'unsupported_type', message: /JPEG, PNG or WebP/ },
        { index: 3, code: 'duplicate' }
      ]
    })
  })

  t.test('the same photos again change nothing', async t => {
    const answer = await signup(app, 'anna', anna1)
    t.equal(answer.statusCode, 200)
    t.match(answer.json(), { shots: 2, accepted: [], rejected: [{ code: 'duplicate' }] })
  })

  t.test('other photos of the same person are added to those of the first enrolment', async t => {
    for (const quality of [90, 80, 70, 60]) {
      t.equal((await signup(app, 'anna', await changed(anna3, image => image.jpeg({ quality })))).statusCode, 200)
    }
    t.equal((await app.inject('/api/users/anna')).json().shots, 6)
  })

  t.test('somebody else cannot take the name', async t => {
    const answer = await signup(app, 'anna', await portrait('berta'))
    t.equal(answer.statusCode, 409)
    t.match(answer.json(), { error: 'identity_conflict', rejected: [{ index: 0, code: 'not_same_person' }] })
    const mixed = await signup(
      app,
      'anna',
      await changed(anna3, image => image.jpeg({ quality: 50 })),
      await portrait('berta')
    )
    t.equal(mixed.statusCode, 409)
    t.match(mixed.json(), { rejected: [{ index: 1 }] })
  })

  t.test('photos of two people are not one user', async t => {
    const answer = await signup(app, 'two', anna1, await portrait('berta'))
    t.equal(answer.statusCode, 409)
    t.equal(answer.json().error, 'identity_conflict')
    t.equal((await app.inject('/api/users/two')).statusCode, 404, 'nothing was stored')
  })

  t.test('the odd photo is named, and left out with partial=true', async t => {
    const photos = [anna1, await portrait('berta'), anna3].map(
      (bytes, index): [string, { bytes: Buffer; filename: string }] => ['images', { bytes, filename: `${index}.jpg` }]
    )
    const refused = await send(app, '/api/signup', [['username', 'three'], ...photos])
    t.equal(refused.statusCode, 409)
    t.match(refused.json(), {
      message: /Photo 2 \(1\.jpg\) does not match/,
      rejected: [{ index: 1, filename: '1.jpg', code: 'not_same_person' }]
    })
    const stored = await send(app, '/api/signup', [['username', 'three'], ['partial', 'true'], ...photos])
    t.match(stored.json(), {
      shots: 2,
      accepted: [{ index: 0 }, { index: 2 }],
      rejected: [{ index: 1, filename: '1.jpg', code: 'not_same_person' }]
    })
    t.equal((await send(app, '/api/signup', [['username', 'four'], ['partial', 'perhaps'], ...photos])).statusCode, 400)
  })

  t.test('the single field image works, also beside images and as images[]', async t => {
    t.equal(
      (
        await send(app, '/api/signup', [
          ['username', 'berta'],
          ['image', { bytes: await portrait('berta') }]
        ])
      ).json().shots,
      1
    )
    const both = await send(app, '/api/signup', [
      ['username', 'anna 2'],
      ['images[]', { bytes: anna1 }],
      ['image', { bytes: anna3 }]
    ])
    t.equal(both.json().shots, 2)
  })

  t.test('photos that cannot serve say why, and nothing is stored', async t => {
    for (const [name, photo, status, error, code] of [
      ['no face', await drawing('png'), 422, 'no_usable_face', 'no_face'],
      ['several faces', await samplePhoto(6), 422, 'no_usable_face', 'multiple_faces'],
      ['too small', await portrait('clara', 90), 422, 'no_usable_face', 'face_too_small'],
      ['blurred', await changed(await portrait('clara'), image => image.blur(8)), 422, 'no_usable_face', 'too_blurry'],
      ['dark', await changed(await portrait('clara'), image => image.linear(0.25)), 422, 'no_usable_face', 'too_dark'],
      ['empty', Buffer.alloc(0), 422, 'unreadable_image', 'unreadable'],
      ['cut off', anna1.subarray(0, anna1.length / 2), 422, 'unreadable_image', 'unreadable'],
      ['text', Buffer.from('hello'), 415, 'unsupported_image_type', 'unsupported_type'],
      ['gif', await drawing('gif'), 415, 'unsupported_image_type', 'unsupported_type'],
      ['avif', await drawing('avif'), 415, 'unsupported_image_type', 'unsupported_type'],
      ['tiff', await drawing('tiff'), 415, 'unsupported_image_type', 'unsupported_type']
    ] as const) {
      const answer = await signup(app, 'nobody', photo)
      t.equal(answer.statusCode, status, name)
      t.match(
        answer.json(),
        { status: 'error', code: status, error, requestId: String, rejected: [{ index: 0, code }] },
        name
      )
    }
    t.equal((await app.inject('/api/users/nobody')).statusCode, 404)
  })

  t.test('names are normalised, hostile ones harmless', async t => {
    t.equal((await signup(app, '  Zoe\u0308 ', await portrait('clara'))).json().user, 'Zo\u00eb')
    t.equal((await app.inject(`/api/users/${encodeURIComponent('Zo\u00eb')}`)).statusCode, 200)
    t.equal((await signup(app, '__proto__', await portrait('clara'))).statusCode, 200)
    for (const name of ['../../etc/passwd', 'a/b', '.', '\u0000', "'; DROP TABLE users; --", '<b>']) {
      const answer = await signup(app, name, anna1)
      t.equal(answer.statusCode, 400, name)
      t.equal(answer.json().error, 'invalid_username', name)
    }
  })
})

t.test('enrolment photos must be live when the operator says so', async t => {
  const { app } = await build(t, { ENROL_LIVENESS: 'true', LIVENESS_THRESHOLD: '1' })
  t.match((await signup(app, 'anna', await portrait('anna1'))).json(), {
    error: 'no_usable_face',
    rejected: [{ code: 'not_live' }]
  })
})
