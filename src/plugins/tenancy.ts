/** Every request runs for the tenant of its key, and so does whatever it starts. */
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { ServiceError } from '../errors/errors.ts'
import type { TenantData, Tenants } from '../tenants/tenants.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** True for calls about all tenants at once: closed to a key of one tenant. */
    allTenants?: boolean
  }
  interface FastifyRequest {
    tenant: TenantData
  }
}

async function tenancyPlugin (app: FastifyInstance, { tenants }: { tenants: Tenants }) {
  // Replaced in onRequest, before any other code sees the request.
  app.decorateRequest('tenant', null as unknown as TenantData)

  app.addHook('onRequest', async request => {
    const { caller, is404, routeOptions: { config: { scope = 'open', allTenants } } } = request
    // Open routes answer also while a tenant's store does not.
    const tenant = is404 || scope === 'open' ? null : caller?.tenant ?? null
    request.tenant = await tenants.open(tenant)
    if (tenant !== null && allTenants === true) {
      throw new ServiceError(
        'forbidden',
        `This call is about all tenants, and the key ${caller?.key} belongs to one. Use a key without a tenant.`
      )
    }
  })
  app.addHook('onRequest', ({ tenant }, _reply, done) => { tenants.run(tenant, done) })
  // What is called by the connection no longer knows the request.
  app.addHook('preValidation', ({ tenant }, _reply, done) => { tenants.run(tenant, done) })
  app.addHook('onSend', ({ tenant }, _reply, _payload, done) => {
    if (tenant === null) done()
    else tenants.run(tenant, done)
  })
  app.addHook('onResponse', ({ tenant }, _reply, done) => {
    if (tenant === null) done()
    else tenants.run(tenant, done)
  })
}

export const tenancy = fp(tenancyPlugin, { name: 'tenancy', dependencies: ['auth'] })
