/**
 * The form in which a username is stored, and when two of them are one. After PRECIS UsernameCaseMapped (RFC 8265):
 * case and width make no different names; unlike it, the spelling of the first enrolment is kept, and spaces and the
 * separators of identity providers are accepted.
 */
import unhomoglyph from 'unhomoglyph'
import { unicodeName } from 'unicode-name'
import { ServiceError } from '../errors/errors.ts'

const MAX_CHARACTERS = 64

/** Letters, digits, marks, and what stands between them in names, addresses and the ids of identity providers. */
const accepted = /^[\p{L}\p{M}\p{N} ._@+\-|:'\u2019\u00B7]$/u
const meaningful = /[\p{L}\p{N}]/u
const spaces = /\p{Zs}/gu

/** What changes nothing to see, or hides what follows. */
const invisible = /\p{Default_Ignorable_Code_Point}/u
const allInvisible = /\p{Default_Ignorable_Code_Point}/gu

/**
 * ZWNJ and ZWJ decide how letters of these scripts join; between two of them they are letters of a word (RFC 5892, A.1,
 * A.2).
 */
const joiner = /^[\u200C\u200D]$/
const joining = new RegExp(
  `^[${[
    'Arabic',
    'Syriac',
    'Nko',
    'Mongolian',
    'Devanagari',
    'Bengali',
    'Gurmukhi',
    'Gujarati',
    'Oriya',
    'Tamil',
    'Telugu',
    'Kannada',
    'Malayalam',
    'Sinhala',
    'Khmer',
    'Myanmar',
    'Tibetan',
    'Balinese',
    'Javanese'
  ]
    .map(script => `\\p{Script=${script}}`)
    .join('')}\\p{M}]$`,
  'u'
)

/**
 * The form in which a username is stored: trimmed, Unicode NFC, with plain spaces.
 * @throws {ServiceError} `invalid_username`, naming the first character that is not accepted
 */
export function normalizeUsername (text: string): string {
  const name = text.normalize('NFC').replace(spaces, ' ').trim()
  const characters = [...name]
  const odd = characters.findIndex((character, index) => !accepted.test(character) && !joins(characters, index))
  if (odd !== -1) throw refusal(`has ${described(characters[odd]!)} at position ${odd + 1}, which is not accepted`)
  if (characters.length > MAX_CHARACTERS) throw refusal(`has ${characters.length} characters`)
  // A name of dots alone could not be addressed in a URL path.
  if (!meaningful.test(name)) throw refusal(characters.length === 0 ? 'is empty' : 'has no letter or digit')
  return name
}

/**
 * For a name that is new: earlier versions let in characters that cannot be seen, and who has one keeps it.
 * @throws {ServiceError} `invalid_username`
 */
export function refuseInvisible (name: string): void {
  const characters = [...name]
  const odd = characters.findIndex((character, index) => invisible.test(character) && !joins(characters, index))
  if (odd !== -1) throw refusal(`has ${described(characters[odd]!)} at position ${odd + 1}, which cannot be seen`)
}

export interface NameKeys {
  /** Equal for two spellings of one name: NFKC, lower case, without what cannot be seen. */
  lookup: string
  /** Equal for names that look alike: the skeleton of UTS 39 (confusables of Unicode 13), in lower case. */
  skeleton: string
}

/** @param name as `normalizeUsername` returns it */
export function nameKeys (name: string): NameKeys {
  const seen = name.replace(allInvisible, '').normalize('NFKC').replace(/ +/g, ' ')
  return {
    lookup: seen.toLowerCase().normalize('NFKC'),
    skeleton: unhomoglyph(seen.normalize('NFD')).normalize('NFD').toLowerCase()
  }
}

function joins (characters: readonly string[], index: number): boolean {
  return (
    joiner.test(characters[index]!) &&
    joining.test(characters[index - 1] ?? '') &&
    joining.test(characters[index + 1] ?? '')
  )
}

/** `U+200B ZERO WIDTH SPACE` */
function described (character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')} ${unicodeName(character)}`
}

function refusal (what: string): ServiceError {
  return new ServiceError(
    'invalid_username',
    `The field username ${what}: 1 to ${MAX_CHARACTERS} letters or digits of any script are expected, or any of " ._@+-|:'", with at least one letter or digit.`
  )
}
