// build-c: a module -> a header and a source in C
//
// With `--weights` a third file has the weights; otherwise the safetensors file beside the module goes along.

import { copyFile, writeFile } from 'node:fs/promises'
import { basename, join, relative, resolve } from 'node:path'
import { emitWeights } from '@tsjit/compiler'
import type { CompileResult } from '@tsjit/compiler'
import { bytesOf, loadWeights, type TypedArray } from '@tsjit/host'
import { makeFolder } from 'unplugin-tsjit/api'
import { compileClean } from '../compile-clean.ts'
import { exitCodes, UsageError } from '../terminal.ts'
import type { Terminal } from '../terminal.ts'
import type { Arguments, Command } from './command.ts'
import { tf32Of } from './shared-options.ts'

/** Bytes of weights that compilers of C still take as data in seconds. */
const MOST_EMBEDDED = 16 * 2 ** 20

/** The options of `build --target c`. */
export const cOptions: Command['options'] = {
  device: { type: 'string', choices: ['cpu', 'cuda'], help: 'for c: what the program runs on (default cpu)' },
  modes: { type: 'string', choices: ['eval', 'train', 'both'], help: 'for c: the modes to compile (default eval)' },
  weights: { type: 'string', value: 'FILE', help: 'for c: a safetensors file to compile in' },
}

const modesOf = { eval: ['eval'], train: ['train'], both: ['eval', 'train'] } as const

/** Throws a usage error for an option that another target does not have. */
export function checkTarget(args: Arguments): void {
  const name = Object.keys(cOptions).find((option) => args.has(option))
  if (name !== undefined) throw new UsageError(`--${name} is for --target c`)
}

/** Writes the files of a module in C; `beside` are weights files to copy where none are compiled in. */
export async function buildC(
  file: string,
  args: Arguments,
  terminal: Terminal,
  beside: readonly string[],
): Promise<number> {
  const device = args.text('device') === 'cuda' ? 'cuda' : 'cpu'
  const modes = modesOf[(args.text('modes') ?? 'eval') as keyof typeof modesOf]
  const path = args.text('weights')
  const options = { target: 'c', device, modes, tf32: tf32Of(args), embedded: path !== undefined } as const
  const compiled = await compileClean(file, terminal, options)
  if (compiled.weights.length === 0) throw new UsageError(`'${relative(terminal.cwd, file)}' exports no model`)
  const name = basename(file).replace(/\.tsjit(\.ts)?$/, '')
  const embedded = path === undefined ? [] : [await embed(compiled, name, resolve(terminal.cwd, path))]
  const out = resolve(terminal.cwd, args.text('out') ?? '')
  await makeFolder(out)
  const written: string[] = []
  for (const each of [...compiled.files, ...embedded]) {
    const place = join(out, each.name)
    await writeFile(place, each.text)
    written.push(place)
  }
  for (const weights of path === undefined ? beside : []) {
    const place = join(out, basename(weights))
    await copyFile(weights, place)
    written.push(place)
  }
  for (const place of written) terminal.print(relative(terminal.cwd, place))
  return exitCodes.ok
}

/** Reads the weights of every model that has some, in the dtypes of the model. */
async function embed(
  { weights: models }: CompileResult,
  name: string,
  path: string,
): Promise<ReturnType<typeof emitWeights>> {
  const withWeights = models.filter(({ weights }) => weights.length > 0)
  if (withWeights.length === 0) throw new UsageError(`'${name}' has no weights to compile in: leave out --weights`)
  const total = withWeights.reduce((sum, { weights }) => sum + bytesOf(weights), 0)
  if (total > MOST_EMBEDDED) {
    const sizes = `the weights take ${total} bytes, and at most ${MOST_EMBEDDED} are compiled in`
    throw new UsageError(`${sizes}: leave out --weights, and open the model with the path of the file`)
  }
  const read: Parameters<typeof emitWeights>[1][number][] = []
  for (const { name: model, prefix, weights } of withWeights) {
    const data: TypedArray[] = []
    await loadWeights(
      { name: model, weights },
      { weights: path },
      new AbortController().signal,
      async (index, array) => {
        data[index] = array
      },
    )
    read.push({ name: prefix, weights: weights.map(([, dtype], i) => ({ dtype, data: data[i] ?? [] })) })
  }
  return emitWeights(name, read)
}
