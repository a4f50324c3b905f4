// reference: the definitions of the operations -> docs/reference/*.md
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withSource } from './lib/load-source.mjs'
import { root } from './lib/workspace.mjs'

const folder = join(root, 'docs/reference')
mkdirSync(folder, { recursive: true })
for (const file of readdirSync(folder)) rmSync(join(folder, file))
const pages = await withSource('/tests/reference/render-reference.ts', ({ renderReference }) => renderReference())
for (const [file, text] of pages) writeFileSync(join(folder, file), text)
