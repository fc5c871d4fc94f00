/**
 * Who has which data. Each tenant has a store, kept photos and an index of people of its own, which are opened when its
 * first key is used; keys without a tenant share those that are always open. Routes and plugins call whatever `current`
 * holds, so that none of them can reach the data of a tenant that it does not run for.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { PeopleIndex } from '../identification/people-index.ts'
import type { PhotoArchive } from '../storage/photo-archive.ts'
import type { Store } from '../storage/store.ts'

/** Null: the default namespace, of the keys without a tenant. */
export type TenantName = string | null

export interface TenantData {
  store: Store
  archive: PhotoArchive
  people: PeopleIndex
}

export interface Tenants {
  /** The data of whom the current request or job runs for; a call for nobody throws. */
  readonly current: TenantData
  /** Opens the data of a tenant at its first use. */
  open (name: TenantName): Promise<TenantData>
  /** Runs `work`, and whatever it starts, for one tenant. */
  run<T> (data: TenantData, work: () => T): T
  /** All that are open; each call begins with the next one. */
  inTurn (): TenantData[]
  close (): Promise<void>
}

/**
 * @param first the data of the default namespace
 * @param openOther opens the data of a tenant
 */
export function createTenants (first: TenantData, openOther: (name: string) => Promise<TenantData>): Tenants {
  const running = new AsyncLocalStorage<TenantData>()
  const opening = new Map<string, Promise<TenantData>>()
  const opened = [first]
  let turn = 0

  const openNew = async (name: string): Promise<TenantData> => {
    try {
      const data = await openOther(name)
      opened.push(data)
      return data
    } catch (error) {
      // The next request tries again.
      opening.delete(name)
      throw error
    }
  }
  const dispatching = <Part extends keyof TenantData>(part: Part): TenantData[Part] => new Proxy(first[part], {
    get (target, name) {
      if (typeof Reflect.get(target, name) !== 'function') return Reflect.get(target, name) as unknown
      return (...args: unknown[]) => {
        const data = running.getStore()
        if (data === undefined) throw new Error(`${part}.${String(name)} was called for no tenant`)
        return (Reflect.get(data[part], name) as (...args: unknown[]) => unknown).apply(data[part], args)
      }
    }
  })

  return {
    current: { store: dispatching('store'), archive: dispatching('archive'), people: dispatching('people') },
    async open (name) {
      if (name === null) return first
      const known = opening.get(name) ?? openNew(name)
      opening.set(name, known)
      return known
    },
    run: (data, work) => running.run(data, work),
    inTurn () {
      const start = turn++ % opened.length
      return [...opened.slice(start), ...opened.slice(0, start)]
    },
    async close () {
      await Promise.allSettled(opening.values())
      for (const { store } of opened) await store.close()
    }
  }
}

/** Does the same for every tenant that is open, one after the other. */
export async function forEachTenant (tenants: Tenants, work: (data: TenantData) => Promise<void>): Promise<void> {
  for (const data of tenants.inTurn()) await tenants.run(data, () => work(data))
}

/**
 * Leases up to `limit` pieces of work from the stores of all tenants; each piece runs for its own.
 * @param lease leases and begins up to so many pieces of the tenant that it runs for
 * @param failed called when `lease` rejects for one tenant; the others go on
 */
export async function leaseInTurn (
  tenants: Tenants, limit: number, lease: (limit: number) => Promise<Promise<void>[]>, failed: (error: unknown) => void
): Promise<Promise<void>[]> {
  const begun: Promise<void>[] = []
  for (const data of tenants.inTurn()) {
    if (begun.length >= limit) break
    begun.push(...await tenants.run(data, () => lease(limit - begun.length)).catch(error => {
      failed(error)
      return []
    }))
  }
  return begun
}
