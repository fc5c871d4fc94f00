/** Libraries of the page, as their packages have them: /vendor/uplot/, which draws the charts of the system view. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'

const files = ['/uPlot.iife.min.js', '/uPlot.min.css']

async function vendorPlugin (app: FastifyInstance) {
  await app.register(fastifyStatic, {
    root: dirname(createRequire(import.meta.url).resolve('uplot')),
    prefix: '/vendor/uplot/',
    decorateReply: false,
    allowedPath: path => files.includes(path)
  })
}

export const vendor = fp(vendorPlugin, { name: 'vendor', dependencies: ['page'] })
