// generate-operations: the interfaces in src/operations -> src/eager/operations.gen.ts
//
// `node scripts/generate-operations.mjs` writes it: every operation of the interfaces as an export by name, with its
// documentation. Reads the sources as text, so that plain Node can run it.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = resolve(dirname(fileURLToPath(import.meta.url)), '../src')
const folder = join(source, 'operations')

/** The file that this script writes. */
export const target = join(source, 'eager/operations.gen.ts')

/** Returns the text of operations.gen.ts. */
export function renderOperations() {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts'))
  const operations = files.sort().flatMap((file) => operationsOf(readFileSync(join(folder, file), 'utf8')))
  return `// operations: every operation as a function of eager tensors
//
// Generated from the interfaces in operations by scripts/generate-operations.mjs: edit those, not this file.

import type { Operations } from '../operations/operations.ts'
import { eagerOperations } from './apply.ts'

${operations.map(renderOperation).join('\n\n')}
`
}

function renderOperation({ name, comment }) {
  const exported = `export const ${name}: Operations['${name}'] = eagerOperations.${name}`
  return `${comment.replaceAll(/^ {2}/gm, '')}\n${exported}`
}

/** Members with a doc comment of interfaces that take `<T extends TensorBase, …>`. */
function operationsOf(text) {
  return [...text.matchAll(/^export interface \w+<T extends TensorBase[^>]*> \{\n([^]*?)^\}/gm)].flatMap(
    ([, body = '']) =>
      [...body.matchAll(/^( {2}\/\*\*[^]*?\*\/)\n {2}(\w+)(?:<[^\n]*?>)?\(/gm)].map(([, comment = '', name = '']) => ({
        name,
        comment,
      })),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, renderOperations())
