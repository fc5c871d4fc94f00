/** What the service keeps of a person, in words, before the camera opens. */
import { element, icon } from './dom.js'
import { text } from './language.js'

/**
 * `kind`: `enrol` or `proofs`, the photos that are about to be taken. Null when the service does not say what it keeps.
 */
export function privacyNote (viewer, kind) {
  const { privacy } = viewer
  if (privacy === null) return null
  return element(
    'div',
    { class: 'privacy' },
    icon('verify'),
    element(
      'p',
      {},
      [
        text(`privacy.${kind}`),
        text(privacy.photos[kind] ? 'privacy.kept' : 'privacy.notKept'),
        ...reviewNotes(privacy, kind),
        privacy.retentionDays === null
          ? text('privacy.noLimit')
          : text('privacy.removed', { count: privacy.retentionDays })
      ].join(' ')
    ),
    element(
      'p',
      {},
      viewer.isOperator ? element('a', { href: '#/users' }, text('privacy.erase')) : text('privacy.eraseAsk')
    )
  )
}

/** Photos that a person looks at are kept longer, whatever else is kept. */
function reviewNotes ({ reviews }, kind) {
  if (reviews === null) return []
  if (kind !== 'proofs' || reviews.keptDays === 0) return [text('privacy.reviewed')]
  return [text('privacy.reviewed'), text('privacy.reviewedKept', { count: reviews.keptDays })]
}
