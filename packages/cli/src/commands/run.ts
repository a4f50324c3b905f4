// run: a model, once, on tensors from a file

import { writeFile } from 'node:fs/promises'
import type { Definition, Instance, Profile, Target } from '@tsjit/host'
import { compileClean } from '../compile-clean.ts'
import { findFile, findModule, findPlace } from '../find-files.ts'
import { importModule } from '../node.ts'
import { targets } from 'unplugin-tsjit/api'
import { pickExport } from '../pick-export.ts'
import { flatten, readInputs, writeOutputs } from '../tensor-files.ts'
import { exitCodes } from '../terminal.ts'
import type { Arguments, Command } from './command.ts'
import {
  architectureOption,
  architecturesOf,
  exportOption,
  targetOption,
  tf32Of,
  tf32Option,
} from './shared-options.ts'

/** `tsjit run`. */
export const run: Command = {
  name: 'run',
  summary: 'Runs a model on tensors from a safetensors file',
  files: 'FILE',
  options: {
    export: exportOption,
    target: targetOption([...targets, 'eager']),
    'cuda-arch': architectureOption('for cuda: devices to have code of their own for, sm_90a for Hopper'),
    'cuda-tf32': tf32Option,
    inputs: { type: 'string', value: 'FILE', help: 'the inputs; names have dots where they nest', isRequired: true },
    weights: { type: 'string', value: 'FILE', help: 'the weights (default: drawn from --seed)' },
    mode: { type: 'string', choices: ['eval', 'train'], help: 'evaluation or training (default eval)' },
    seed: { type: 'string', value: 'N', help: 'the seed of random numbers (default 0)' },
    out: { type: 'string', value: 'FILE', help: 'where the outputs go', isRequired: true },
    'save-weights': { type: 'string', value: 'FILE', help: 'where the weights go as the run leaves them' },
    time: { type: 'string', value: 'N', help: 'runs it N more times and prints how long a run took' },
    profile: { type: 'boolean', help: 'runs it some more times and prints how long each kernel took' },
  },
  async run(args, terminal) {
    const file = await findModule(args.files[0] ?? '', terminal.cwd)
    const out = await findPlace(args.text('out') ?? '', terminal.cwd)
    const inputs = await readInputs(await findFile(args.text('inputs') ?? '', terminal.cwd), args.text('inputs') ?? '')
    const target = (args.text('target') ?? 'webgpu') as Target
    const times = args.count('time')
    const seed = args.count('seed') ?? 0
    const architectures = architecturesOf(args)
    const tf32 = tf32Of(args)
    // Mistakes are printed as `check` prints them, not as a failure of an import.
    await compileClean(file, terminal)
    const mode = args.text('mode') === 'train' ? 'train' : 'eval'
    const exports = definitionsOf(await importModule(file, { target, modes: [mode], cuda: { tf32, architectures } }))
    const model = pickExport(exports, args.text('export'), file)
    const instance = await model.load({ ...(await loadOptions(args, seed, terminal.cwd)), mode, target })
    const outputs = flatten(await instance.run(inputs, { seed }))
    await writeOutputs(out, outputs)
    const saved = args.text('save-weights')
    if (saved !== undefined) await writeFile(await findPlace(saved, terminal.cwd), await instance.weights())
    for (const [name, { dtype, shape }] of outputs) terminal.print(`${name}  ${dtype}[${shape.join(', ')}]`)
    for (const tensor of outputs.values()) tensor.dispose()
    if (times !== undefined && times > 0) terminal.print(await measure(instance, inputs, seed, times))
    if (args.has('profile')) for (const line of linesOf(await instance.profile(inputs, { seed }))) terminal.print(line)
    instance.dispose()
    return exitCodes.ok
  },
}

function definitionsOf(module: Readonly<Record<string, unknown>>): ReadonlyMap<string, Definition> {
  const entries = Object.entries(module).filter((entry): entry is [string, Definition] => {
    const [, value] = entry
    return typeof value === 'object' && value !== null && 'load' in value && typeof value.load === 'function'
  })
  return new Map(entries)
}

async function loadOptions(
  args: Arguments,
  seed: number,
  cwd: string,
): Promise<{ readonly weights: string | { readonly seed: number } }> {
  const path = args.text('weights')
  return { weights: path === undefined ? { seed } : await findFile(path, cwd) }
}

async function measure(
  instance: Instance,
  inputs: Readonly<Record<string, unknown>>,
  seed: number,
  count: number,
): Promise<string> {
  const times: number[] = []
  for (let index = 0; index < count; index += 1) {
    const start = performance.now()
    const outputs = flatten(await instance.run(inputs, { seed }))
    await Promise.all([...outputs.values()].map((tensor) => tensor.data()))
    times.push(performance.now() - start)
    for (const tensor of outputs.values()) tensor.dispose()
  }
  times.sort((a, b) => a - b)
  const at = (share: number): string => `${(times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(3)} ms`
  return `time  median ${at(0.5)}  fastest ${at(0)}  slowest ${at(1)}  of ${count} runs on ${instance.info.device}`
}

/** The kernels that took longest come first. */
function linesOf({ milliseconds, kernels }: Profile): readonly string[] {
  const sum = kernels.reduce((total, kernel) => total + kernel.milliseconds, 0)
  const rows = kernels
    .toSorted((a, b) => b.milliseconds - a.milliseconds)
    .map(({ name, milliseconds: time, launches, source = '' }) => {
      const share = `${((100 * time) / (sum || 1)).toFixed(1)} %`
      return [`${time.toFixed(3)} ms`, share, `${launches}×`, name, source]
    })
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)))
  return [
    `profile  a run ${milliseconds.toFixed(3)} ms  its kernels, one by one, ${sum.toFixed(3)} ms`,
    ...rows.map((row) =>
      row
        .map((text, column) => (column < 3 ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    ),
  ]
}
