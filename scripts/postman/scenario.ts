/** One request of the Postman collection, and the kinds that many of them are. */

export interface Scenario {
  name: string
  /** `operationId` of the OpenAPI document; or the method and path of a request that no operation answers. */
  operation: string | [method: string, path: string]
  /** Form fields in order; a value that ends like a photo's file name is sent as that file. */
  form?: [field: string, value: string][]
  /** A body that is no form, with its content type. */
  raw?: { type: string, text: string }
  path?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Environment variable to send as API key instead of `apiKey`. */
  key?: string
  status: number
  /** Variables that later requests use as `{{NAME}}`, by the property of the answer. */
  keep?: Record<string, string>
  /** Property paths of the JSON answer and the value each must have. */
  expect: Record<string, unknown>
}

export interface Folder {
  name: string
  description: string
  scenarios: Scenario[]
}

export function rejected (name: string, photo: string, reason: string, code: string, task = 'waste'): Scenario {
  return {
    name,
    operation: 'verify',
    form: [
      ['username', 'postman'],
      ['task', task],
      ['file', photo]
    ],
    status: 200,
    expect: { status: 'rejected', reason, [`reasons[${code}]`]: code }
  }
}

/** A signup whose only photo is turned down. */
export function turnedDown (code: string, photo: string, error = 'no_usable_face', status = 422): Scenario {
  return {
    name: `${error}: ${code}`,
    operation: 'signup',
    form: [
      ['username', 'postman-new'],
      ['image', photo]
    ],
    status,
    expect: { error, 'rejected[0].code': code }
  }
}

export function refused (error: string, status: number, request: Omit<Scenario, 'name' | 'status' | 'expect'>): Scenario {
  return { name: error, ...request, status, expect: { status: 'error', code: status, error } }
}

export const proof = (username: string, task: string, file: string): [string, string][] => [
  ['username', username],
  ['task', task],
  ['file', file]
]
