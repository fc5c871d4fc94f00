/** Starts the page: language, connection, and the views behind their tabs. */
import { Api } from './api.js'
import { Connection } from './connection.js'
import { byId } from './dom.js'
import { loadLanguage, offerLanguages, text, translatePage } from './language.js'
import { LazyView, Tabs } from './tabs.js'
import { Viewer } from './viewer.js'

await loadLanguage()
translatePage()
offerLanguages(byId('language'))

const api = new Api(new URL('.', location.href).href.replace(/\/$/, ''))
const open = (name, user) => tabs.open(name, user)
const viewer = new Viewer(api, () => tabs.offer())
const lazy = (name, load) => new LazyView(name, api, load)
const views = {
  enrol: lazy('enrol', async () => new (await import('./enrol.js')).EnrolView(api, open, viewer)),
  verify: lazy('verify', async () => new (await import('./verify.js')).VerifyView(api, open, viewer)),
  history: lazy('history', async () => new (await import('./history.js')).HistoryView(api)),
  reviews: lazy('reviews', async () => new (await import('./reviews.js')).ReviewsView(api, viewer)),
  users: lazy('users', async () => new (await import('./users.js')).UsersView(api, open, viewer)),
  teaching: lazy('teaching', async () => new (await import('./teaching.js')).TeachingView(api)),
  system: lazy('system', async () => new (await import('./system.js')).SystemView(api))
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
// nor may a form that is sent before its view is there
document.addEventListener('submit', event => event.target.method !== 'dialog' && event.preventDefault())
document.addEventListener('visibilitychange', () => document.hidden ? tabs.pause() : tabs.resume())

byId('start-up').remove()
tabs.start()
connection.check()
viewer.load()
