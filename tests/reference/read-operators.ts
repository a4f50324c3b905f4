// read-operators: which operators of ONNX and WebNN an operation stands for
//
// An operator that the conformance table writes with one operation, but for changes of shape and dtype, is that
// operation.

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../conformance/operators', import.meta.url))

/** What brings operands into the form of an operation, and is not it. */
const forms: ReadonlySet<string> = new Set(['cast', 'range', 'reshape', 'permute', 'tensor', 'unsqueeze', 'expand'])

/** Returns `onnx.Abs`, … by the name of the operation. */
export function readOperators(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const suite of readdirSync(folder))
    for (const file of readdirSync(join(folder, suite)))
      if (file !== 'static.tsjit')
        for (const [name, text] of functionsOf(readFileSync(join(folder, suite, file), 'utf8'))) {
          const used = [...new Set([...text.matchAll(/\bdsl\.(\w+)/g)].map(([, word = '']) => word))]
          const [only, ...others] = used.length === 1 ? used : used.filter((word) => !forms.has(word))
          if (only !== undefined && others.length === 0)
            found.set(only, [...(found.get(only) ?? []), `${suite}.${name}`])
        }
  return found
}

function functionsOf(text: string): readonly (readonly [name: string, text: string])[] {
  return text.split(/^(?=export const )/m).flatMap((part) => {
    const name = /^export const (\w+)/.exec(part)?.[1]
    return name === undefined ? [] : [[name, part.split(/^(?:const|\/\/|\/\*\*) ?/m)[0] ?? ''] as const]
  })
}
