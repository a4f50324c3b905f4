// sizes: what the pages load, minified and gzipped, from the build in dist
//
// Counts the scripts that a page loads at its start: the entry and what it imports statically. Chunks that are fetched on
// demand (the eager form of a model) are listed apart. Writes dist/sizes.json; fails where the digits page is over its
// budget.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const budget = 14_200
const dist = process.argv[2] ?? fileURLToPath(new URL('../dist', import.meta.url))
const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, 'utf8'))

const gzipped = (file) => gzipSync(readFileSync(`${dist}/${file}`), { level: 9 }).length

function chunksOf(entry, field, found = new Set()) {
  for (const name of [entry, ...(manifest[entry]?.[field] ?? [])]) {
    if (found.has(name)) continue
    found.add(name)
    chunksOf(name, field, found)
  }
  return found
}

const sizes = {}
for (const page of ['digits.html', 'index.html']) {
  const entry = Object.keys(manifest).find((name) => name.endsWith(page))
  const files = [...chunksOf(entry, 'imports')]
    .map((name) => manifest[name].file)
    .filter((file) => file.endsWith('.js'))
  const total = files.reduce((sum, file) => sum + gzipped(file), 0)
  sizes[page.replace('.html', '')] = total
  process.stdout.write(
    `${page.padEnd(12)} ${String(total).padStart(7)} bytes  (${files.map((file) => `${file} ${gzipped(file)}`).join(', ')})\n`,
  )
}
writeFileSync(`${dist}/sizes.json`, `${JSON.stringify(sizes)}\n`)
if (sizes.digits > budget) {
  process.stderr.write(`digits.html is over its budget of ${budget} bytes\n`)
  process.exitCode = 1
}
