declare module '@npmcli/config' {
  interface Options {
    npmPath: string
    definitions: unknown
    shorthands: unknown
    flatten: unknown
    nerfDarts: string[]
    argv: string[]
    env: Record<string, string | undefined>
    warn: boolean
  }

  export default class Config {
    constructor (options: Options)
    load (): Promise<void>
    /** Whether neither the environment nor a file sets the key. */
    isDefault (key: string): boolean
    /** Options in the form that pacote and npm-registry-fetch take. */
    readonly flat: Record<string, unknown>
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const npmSettings: { definitions: unknown, shorthands: unknown, flatten: unknown, nerfDarts: string[] }
  export default npmSettings
}
