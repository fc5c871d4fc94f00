// Plain JavaScript, so that any Node can read it and an old one gets a sentence instead of a syntax error.
const [major] = process.versions.node.split('.').map(Number)

if (major < 24) {
  console.error(`Node.js 24 or newer is needed; this is ${process.versions.node}. Run \`npm start\` after \`npm ci\`: it brings the right Node.js along.`)
  process.exit(1)
}
await import('./server.ts')
