declare module 'unicode-name' {
  /** The name of a character; of one without a name its label, like `<control-0000>`. */
  export function unicodeName (character: string): string
}
