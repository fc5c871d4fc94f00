/** What the system view says in words: readiness, tiles, thresholds, tasks and models. */
import { element, icon } from './dom.js'
import { date, number, percent, text, textOr } from './language.js'
import { quantile } from './metrics.js'

/** Changes from look to look. `throughput`: { requests, verifications, perSecond }, or null. */
export function liveReport (ready, throughput) {
  // Without a key the service tells no more.
  if (ready.models === undefined) return [readiness(ready)]
  return [
    readiness(ready),
    element('dl', { class: 'tiles' },
      tile(text('system.provider'), ready.provider),
      tile(
        text('system.store'),
        text(ready.store.ok ? 'system.storeOk' : 'system.storeFailed', { kind: ready.store.kind })
      ),
      tile(text('system.busy'), text('system.of', { part: ready.queue.active, whole: ready.queue.workers })),
      tile(text('system.waiting'), text('system.of', { part: ready.queue.waiting, whole: ready.queue.max })),
      throughput && throughputTiles(throughput))
  ]
}

/** Stays the same while the service runs. `tasks` of /api/tasks; `docs`: address of the API documentation. */
export function fixedReport (ready, tasks, docs) {
  if (ready.models === undefined) return []
  return [
    element('h3', {}, text('system.thresholds')),
    thresholdList(ready),
    element('h3', {}, text('system.tasks')),
    element('ul', { class: 'task-states' }, tasks.map(task)),
    element('h3', {}, text('system.models')),
    element('ul', { class: 'models' }, ready.models.map(model)),
    element('p', { class: 'system-docs' }, element('a', { href: docs }, text('system.docs')))
  ]
}

function readiness ({ ready, problems }) {
  return element('div', { class: `readiness ${ready ? 'good' : 'bad'}` },
    icon(ready ? 'check' : 'cross'),
    element('p', {}, text(ready ? 'system.ready' : 'system.notReady')),
    problems.length > 0 && element('ul', {}, problems.map(problem => element('li', {}, problem))))
}

function throughputTiles ({ requests, verifications, perSecond }) {
  return [
    tile(text('system.perSecond'), perSecond === null ? text('system.measuring') : number(perSecond, 1)),
    tile(text('system.median'), below(quantile(verifications, 0.5))),
    tile(text('system.p95'), below(quantile(verifications, 0.95))),
    tile(text('system.totalVerifications'), number(verifications.count)),
    tile(text('system.totalRequests'), number(requests))
  ]
}

/** A quantile of a histogram is known up to the bound of its bucket. */
function below (seconds) {
  if (seconds === null) return text('system.none')
  return text('system.below', { value: text('system.milliseconds', { value: seconds * 1000 }) })
}

function tile (name, value, note) {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value),
    note && element('dd', { class: 'fine' }, note))
}

/** Each with where it comes from: a setting, or what was measured for the model. */
function thresholdList ({ thresholds, thresholdSettings: settings = {} }) {
  const from = name => settings[name] ? text('system.setBy', { setting: settings[name] }) : text('system.measured')
  const { similarity, agreement, quality, liveness, uncertain } = thresholds
  const zone = uncertain && `${number(uncertain.low, 3)}–${number(uncertain.high, 2)}`
  return element('dl', { class: 'tiles' },
    tile(text('system.similarity'), number(similarity, 2), from('similarity')),
    tile(text('system.agreement'), number(agreement, 2), from('agreement')),
    tile(text('system.quality'), number(quality, 2), from('quality')),
    tile(text('system.liveness'), liveness === null ? text('system.livenessOff') : number(liveness, 2),
      liveness !== null && from('liveness')),
    zone && tile(text('system.uncertain'), zone, from('uncertain')))
}

function task ({ title, available, reason, rules }) {
  return element('li', { class: available ? 'good' : 'bad' },
    element('p', { class: 'task-head' },
      icon(available ? 'check' : 'dash'),
      element('strong', {}, title),
      element('span', { class: 'fine' }, text(available ? 'system.available' : 'system.unavailable'))),
    reason && element('p', { class: 'fine' }, reason),
    element('ul', { class: 'rules' }, rules.map(rule)))
}

function rule ({ id, active, demonstration, description, problem, scene }) {
  return element('li', { class: active ? '' : 'inactive' },
    element('p', {}, `${description} `,
      demonstration && element('span', { class: 'tag' }, text('verify.demonstration')),
      !active && element('span', { class: 'tag' }, text('system.inactive'))),
    element('p', { class: 'fine mono' }, id),
    problem && element('p', { class: 'fine' }, problem),
    scene && sceneFigures(scene))
}

function sceneFigures ({ taught, threshold, auc, proven, false: wrong, near, photos }) {
  return [
    element('dl', { class: 'figures' },
      figure('system.figures.proven', proven),
      figure('system.figures.false', wrong),
      near && figure('system.figures.near', near)),
    element('p', { class: 'fine' }, text('system.figures.taught', {
      date: date(taught),
      yes: photos.yes,
      no: photos.no + photos.near,
      threshold: number(threshold, 2),
      auc: number(auc, 3)
    }))
  ]
}

function figure (name, { rate, low, high, photos }) {
  return element('div', {}, element('dt', {}, text(name)), element('dd', {}, percent(rate), ' ',
    element('span', { class: 'fine' }, text('system.figures.interval', {
      low: percent(low), high: percent(high), photos
    }))))
}

function model ({ id, role, title, sha256, licence, commercial }) {
  return element('li', { class: 'model' },
    element('p', { class: 'fine' }, textOr('system.model', `system.roles.${role}`)),
    element('p', { class: 'model-title' }, title),
    element(
      'p',
      { class: 'fine' },
      `${text('system.licence')}: ${licence} · ${text('system.use')}: ${commercialUse(licence, commercial)}`
    ),
    element('p', { class: 'fine mono', title: sha256 }, `${id} · ${text('system.sha', { sha: sha256.slice(0, 12) })}`))
}

function commercialUse (licence, commercial) {
  if (!commercial) return text('system.useNo')
  return text(licence.startsWith('AGPL') ? 'system.useCopyleft' : 'system.useYes')
}
