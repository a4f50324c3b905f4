import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'rolldown/utils'

/** Removes the types of `.ts` files; `.tsjit.ts` is left to the hooks that are tested. */
export async function load(url, context, next) {
  if (!url.endsWith('.ts') || url.endsWith('.tsjit.ts')) return next(url, context)
  const file = fileURLToPath(url)
  const { code } = transformSync(file, await readFile(file, 'utf8'), { lang: 'ts', sourcemap: false })
  return { format: 'module', source: code, shortCircuit: true }
}
