// cuda-kernels: entries of a PTX module -> the data and the launches of an exported program

import { invariant } from '../../base/invariant.ts'
import type { Plan } from '../../ir/plan/plan.ts'
import type { CudaProgram, PrintedEntry } from '../../ir/plan/printed-program.ts'
import { cString } from './c-names.ts'
import { cudaDevice } from './cuda-device.ts'
import type { PrintedLaunch } from './device.ts'
import type { CKernelCode } from './language.ts'

/** Returns the kernels of a file, as text that the driver compiles when a model is opened. */
export function cudaKernels(ptx: string, programOf: (plan: Plan) => CudaProgram): CKernelCode {
  const entries = [...new Set([...ptx.matchAll(/\.entry\s+([\w$]+)/g)].map(([, name]) => name ?? ''))]
  const most = { arguments: 1 }
  // threads of a block of those whose blocks wait for one another
  const together = new Map<string, number>()
  const shared = new Map<string, number>()
  const launch = (plan: Plan, { index, planned, slots, dims, print }: PrintedLaunch): readonly string[] => {
    const kernel = programOf(plan).kernels[planned.kernel]
    invariant(kernel !== undefined, `launch ${index} has an entry`)
    const words = kernel.uniform ? [...dims, ...planned.scalars.map(print)] : []
    most.arguments = Math.max(most.arguments, slots.length + words.length)
    if (kernel.cooperative) together.set(kernel.entry, kernel.block[0] * kernel.block[1] * kernel.block[2])
    if (kernel.shared > 0) shared.set(kernel.entry, kernel.shared)
    return launchLines(entries.indexOf(kernel.entry), kernel, { slots, words, grid: planned.groups.map(print) })
  }
  return {
    device: cudaDevice,
    get code() {
      const lines = ptx.split('\n').map((line) => `  ${cString(`${line}\n`)},`)
      const names = entries.length === 0 ? '""' : entries.map(cString).join(', ')
      const numbersOf = (known: ReadonlyMap<string, number>): string =>
        entries.length === 0 ? '0' : entries.map((name) => known.get(name) ?? 0).join(', ')
      return [
        `#define TJ_ENTRIES ${entries.length}`,
        `#define TJ_MOST_ARGUMENTS ${most.arguments}`,
        `/* Compiled for the GPU that is there by its driver. */\nstatic const char *const tj_ptx[] = {\n${lines.join('\n')}\n};`,
        `static const char *const tj_entries[] = { ${names} };`,
        `/* Threads of a block where the blocks of a launch wait for one another, 0 elsewhere. */\nstatic const int tj_together[] = { ${numbersOf(together)} };`,
        `/* Bytes of dynamic shared memory. */\nstatic const int tj_shared[] = { ${numbersOf(shared)} };`,
      ].join('\n\n')
    },
    scratchBytes: () => 0,
    launch,
  }
}

interface LaunchTexts {
  readonly slots: readonly string[]
  readonly words: readonly string[]
  readonly grid: readonly string[]
}

function launchLines(entry: number, { block }: PrintedEntry, { slots, words, grid }: LaunchTexts): readonly string[] {
  invariant(entry >= 0, 'entries are those of the module')
  const list = (type: string, items: readonly string[]): string =>
    items.length === 0 ? 'NULL' : `(${type}[]){ ${items.join(', ')} }`
  const values = words.map((word) => `(int32_t)(${word})`)
  const given = [
    `(const unsigned[]){ ${block.join(', ')} }`,
    list('const ptrdiff_t', grid),
    `${slots.length}, ${list('tj_mem', slots)}`,
    `${values.length}, ${list('int32_t', values)}`,
  ]
  return [`if (tj_launch(c, ${entry}, ${given.join(', ')}) != TSJIT_OK) return TSJIT_MACHINE;`]
}
