// read-interfaces: the interfaces of operations -> families with their documentation

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** An operation as its interface documents it. */
export interface DocumentedOperation {
  readonly name: string
  readonly text: string
}

/** A family of operations. */
export interface DocumentedFamily {
  readonly name: string
  readonly about: string
  readonly operations: readonly DocumentedOperation[]
}

const source = fileURLToPath(new URL('../../packages/dsl/src/operations', import.meta.url))

/** Returns all families, in the order of their names. */
export function readFamilies(): readonly DocumentedFamily[] {
  const filesIn = (folder: string): readonly string[] => readdirSync(folder).filter((file) => file.endsWith('.ts'))
  const groups = join(source, 'groups')
  // operations of a group are members of an object: `random.normal`
  const grouped = filesIn(groups).flatMap((file) => {
    const member = (name: string): string => `${file.slice(0, -'.ts'.length)}.${name}`
    return familiesOf(readFileSync(join(groups, file), 'utf8')).map(({ operations, ...family }) => ({
      ...family,
      operations: operations.map(({ name, text }) => ({ name: member(name), text })),
    }))
  })
  return filesIn(source)
    .flatMap((file) => familiesOf(readFileSync(join(source, file), 'utf8')))
    .concat(grouped)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function familiesOf(text: string): readonly DocumentedFamily[] {
  const pattern = /\/\*\* ([^*]*) \*\/\nexport interface (\w+)<T extends TensorBase[^>]*> \{\n([^]*?)^\}/gm
  return [...text.matchAll(pattern)].flatMap(([, about = '', name = '', body = '']) => {
    const operations = operationsOf(body)
    return operations.length === 0 ? [] : [{ name, about, operations }]
  })
}

function operationsOf(body: string): readonly DocumentedOperation[] {
  const pattern = /^ {2}\/\*\*([^]*?)\*\/\n {2}(\w+)(?:<[^\n]*?>)?\(/gm
  return [...body.matchAll(pattern)].map(([, comment = '', name = '']) => ({
    name,
    text: comment
      .split('\n')
      .map((line) => line.replace(/^\s*\*? ?/, '').trim())
      .join(' ')
      .trim(),
  }))
}
