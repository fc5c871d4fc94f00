/** Starts the page: language, connection, and the views behind their tabs. */
import { Api } from './api.js'
import { Connection } from './connection.js'
import { byId } from './dom.js'
import { EnrolView } from './enrol.js'
import { HistoryView } from './history.js'
import { loadLanguage, offerLanguages, text, translatePage } from './language.js'
import { LazyView } from './lazy-view.js'
import { SystemView } from './system.js'
import { Tabs } from './tabs.js'
import { UsersView } from './users.js'
import { VerifyView } from './verify.js'
import { Viewer } from './viewer.js'

await loadLanguage()
translatePage()
offerLanguages(byId('language'))

const api = new Api(new URL('.', location.href).href.replace(/\/$/, ''))
const open = (name, user) => tabs.open(name, user)
const viewer = new Viewer(api, () => tabs.offer())
const views = {
  enrol: new EnrolView(api, open, viewer),
  verify: new VerifyView(api, open, viewer),
  history: new HistoryView(api),
  reviews: new LazyView('reviews', async () => new (await import('./reviews.js')).ReviewsView(api, viewer)),
  users: new UsersView(api, open, viewer),
  system: new SystemView(api)
}
const tabs = new Tabs(
  views,
  name => viewer.offers(name),
  name => {
    document.title = text('page.title', { section: text(`${name}.tab`) })
  }
)
const connection = new Connection(api, () => {
  viewer.load()
  tabs.reload()
})

// a photo dropped beside its place must not replace the page
for (const name of ['dragover', 'drop']) window.addEventListener(name, event => event.preventDefault())
document.addEventListener('visibilitychange', () => document.hidden ? tabs.pause() : tabs.resume())

byId('start-up').remove()
tabs.start()
connection.check()
viewer.load()
