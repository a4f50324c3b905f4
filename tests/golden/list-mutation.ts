// list-mutation: a list that grows while it is walked. No file: tools that take whole folders would report it

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Case } from './cases.ts'

const text = `import { dim, f32, model, tj } from '@tsjit/dsl'

const N = dim('N', { max: 64 })

export const m = model({
  inputs: { x: f32(N) },
  forward({ x }) {
    const numbers = [1, 2, 3, 4]
    let y = x
    for (const n of numbers) {
      if (n === 2) numbers.push(9)
      y = tj\`\${y} + \${n}\`
    }
    return { y }
  },
})
`

/** Refused at build; as plain TypeScript the loop sees the new element. */
export const listMutation: Omit<Case, 'file'> = {
  id: 'list_mutation_0',
  model: 'm',
  runs: [{ inputs: { x: 'x' }, outputs: { y: 'y' } }],
}

/** Writes the program to a file of its own and returns its path. */
export async function writeListMutation(target: string): Promise<string> {
  const folder = fileURLToPath(new URL(`../../.cache/golden/${target}`, import.meta.url))
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'list-mutation.tsjit')
  await writeFile(file, text)
  return file
}
