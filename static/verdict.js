/** The card that explains a verdict. */
import { copyButton, element, icon } from './dom.js'
import { date, number, percent, text, textOr } from './language.js'

const ICONS = { passed: 'check', failed: 'cross', skipped: 'dash', uncertain: 'dash' }

/**
 * `request` is { username, task, title, photo: { url, name } }: what was sent and the title of the task. An `operator`
 * sees scores, evidence and JSON; a person sees first what to do next, and the scores, if answers carry `scores`, only
 * on demand. `onnext` is called when the person wants to send another photo.
 */
export function verdictCard (answer, request, { api, operator, scores, onnext }) {
  const parts = [checkList(answer, operator), nextSteps(answer, onnext)]
  return element('article', { class: `verdict ${answer.status}`, 'aria-labelledby': 'verdict-title' },
    element('header', {},
      element('span', { class: 'seal' }, icon(answer.status === 'approved' ? 'check' : 'cross')),
      element('div', {},
        element('h3', { id: 'verdict-title' }, text(`verify.${answer.status}`)),
        element('p', {}, verdictWords(answer, request)),
        answer.checks.task.demonstration && element('p', { class: 'fine' },
          element('span', { class: 'tag' }, text('verify.demonstration')), ' ', text('verify.demonstrationNote')))),
    element('div', { class: 'verdict-words' },
      operator ? parts : parts.reverse(),
      operator && details(answer, request, api),
      !operator && scores && element('div', { class: 'folds' },
        element('details', {}, element('summary', {}, text('verify.scores')), checkList(answer, true)))))
}

/** Every check in words, with its score when there are `scores`. */
export function checkList ({ checks }, scores) {
  return element(
    'ul',
    { class: 'checks' },
    Object.entries(checks).map(([name, check]) => checkLine(name, check, scores))
  )
}

/** The verdict as one sentence. */
export function verdictWords ({ status, user }, { title }) {
  return text(`verify.${status}Text`, { task: title, user })
}

function checkLine (name, check, scores) {
  const title = text(`verify.checks.${name}`)
  return element('li', { class: `check ${check.outcome}` },
    element('span', { class: 'check-icon' }, icon(ICONS[check.outcome])),
    element('div', {},
      element('p', { class: 'check-head' },
        element('strong', {}, title),
        element('span', { class: 'visually-hidden' }, text(`verify.outcome.${check.outcome}`)),
        scores && element('span', { class: 'check-score' }, scoreWords(check))),
      scores && check.scene && element('p', { class: 'fine' }, text('verify.scene', { scene: check.scene.name })),
      scores && check.score !== null && check.threshold !== null && scoreBar(title, check),
      element('p', { class: 'check-message' }, checkWords(name, check))))
}

/** The outcome in the words of the page; a reason that this page does not know comes in those of the service. */
function checkWords (name, { outcome, reason, message }) {
  const code = reason ?? `${name}_${outcome}`
  return textOr('verify.checkWords.other', `verify.checkWords.${code}`, { detail: message })
}

function scoreWords ({ score, threshold }) {
  if (score === null) return null
  return threshold === null
    ? text('verify.scoreOnly', { score: number(score, 2) })
    : text('verify.against', { score: number(score, 2), threshold: number(threshold, 2) })
}

/** Score and threshold on a scale of 0 to 1; a cosine below 0 is shown as an empty bar. */
function scoreBar (title, { score, threshold }) {
  const bar = element('div', {
    class: 'score-bar',
    role: 'meter',
    'aria-valuemin': '0',
    'aria-valuemax': '1',
    'aria-valuenow': Math.max(0, score).toFixed(3),
    'aria-label': text('verify.meter', { check: title, score: number(score, 2), threshold: number(threshold, 2) })
  }, element('span', { class: 'score-fill' }), element('span', { class: 'score-threshold' }))
  bar.style.setProperty('--score', Math.min(1, Math.max(0, score)))
  bar.style.setProperty('--threshold', Math.min(1, Math.max(0, threshold)))
  return bar
}

function nextSteps (answer, onnext) {
  const steps = answer.status === 'approved'
    ? [text('verify.next.approved')]
    : answer.reasons.map(reason => textOr('verify.next.other', `verify.next.${reason}`))
  return element(
    'section',
    { class: 'next' },
    element('h4', {}, text('verify.nextTitle')),
    steps.length === 1
      ? element('p', {}, steps[0])
      : element(
        'ul',
        {},
        [...new Set(steps)].map(step => element('li', {}, step))
      ),
    element('button', { type: 'button', class: 'button small', onclick: onnext }, text(`verify.again.${answer.status}`))
  )
}

function details (answer, request, api) {
  const { liveness, task } = answer.checks
  const json = JSON.stringify(answer, null, 2)
  return element(
    'div',
    { class: 'folds' },
    element(
      'details',
      {},
      element('summary', {}, text('verify.details')),
      element(
        'dl',
        { class: 'facts' },
        fact(text('verify.seen'), seen(task.detections)),
        task.rule && fact(text('verify.checks.task'), text('verify.rule', { rule: task.rule })),
        liveness.models.length > 0 &&
          fact(text('verify.models'), liveness.models.map(model => `${model.id} ${number(model.score, 3)}`).join(', ')),
        fact(text('verify.time'), date(answer.timestamp)),
        fact(text('verify.number'), answer.id)
      )
    ),
    element(
      'details',
      {},
      element('summary', {}, text('verify.json')),
      element('pre', { tabindex: '0' }, json),
      copyButton(text('common.copy'), () => json)
    ),
    copyButton(text('verify.curl'), () => curl(request, api))
  )
}

function seen (detections) {
  if (detections.length === 0) return text('verify.seenNothing')
  return detections
    .map(({ label, score, matched }) => `${label} ${percent(score)}${matched ? ` (${text('verify.counted')})` : ''}`)
    .join(', ')
}

function fact (name, value) {
  return element('div', {}, element('dt', {}, name), element('dd', {}, value))
}

/** The same request for a terminal. The key itself never reaches the clipboard. */
function curl ({ username, task, photo }, api) {
  return [
    `curl ${quote(`${api.base}/api/verify`)}`,
    api.key !== '' && '-H "Authorization: Bearer $API_KEY"',
    `--form-string ${quote(`username=${username}`)}`,
    `--form-string ${quote(`task=${task}`)}`,
    `-F ${quote(`file=@"${photo.name.replace(/["\\]/g, '\\$&')}"`)}`
  ].filter(Boolean).join(' \\\n  ')
}

/** Quotes a word for POSIX shells. */
function quote (word) {
  return `'${word.replaceAll("'", "'\\''")}'`
}
