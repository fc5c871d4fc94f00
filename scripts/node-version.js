// Loaded before every command (`node --import`). Plain JavaScript, so that any Node can read it and an old one gets a
// sentence instead of a syntax error.
const [major] = process.versions.node.split('.').map(Number)

if (major < 24) {
  console.error(
    `Node.js 24 or newer is needed; this is ${process.versions.node}. \`npm ci\` installs the right one as a package, and \`npm start\` and \`npm run\` use it. After \`npm ci --ignore-scripts\`, or if it is missing, run \`npm rebuild node\`.`
  )
  process.exit(1)
}
