import { stage } from '../observability/stages.ts'
import type { Store } from './store.ts'

/** The same store, whose calls are the stage `store` of the current request. */
export function timed (store: Store): Store {
  return new Proxy(store, {
    get (target, name) {
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function'
        ? (...args: unknown[]) => stage('store', () => member.apply(target, args))
        : member
    }
  })
}
