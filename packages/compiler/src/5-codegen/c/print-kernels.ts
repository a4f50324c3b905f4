// print-kernels: plans -> the functions of their kernels, and how each launch calls one

import { internalError } from '../../base/invariant.ts'
import type { Plan } from '../../ir/plan/plan.ts'
import { type KernelFunction, printKernel } from './print-kernel.ts'
import { scratchBytes } from './printer-context.ts'

/** How a launch calls the function of its kernel: with buffers, dimensions and scalars by index, all of one group after another. */
export interface CLaunch extends Omit<KernelFunction, 'text'> {
  readonly function: string
}

/** The kernels of plans. */
export interface CKernels {
  /** Functions; equal ones are one. */
  readonly functions: readonly string[]
  /** By plan: its launches, and the bytes of scratch memory that they need. */
  readonly programs: readonly { readonly launches: readonly CLaunch[]; readonly scratchBytes: number }[]
}

/** Prints the kernels of plans. */
export function printKernels(plans: readonly Plan[]): CKernels {
  const functions: string[] = []
  const known = new Map<string, CLaunch>()
  const taken = new Map<string, number>()
  const functionOf = (kernel: Plan['kernels'][number]): CLaunch => {
    const { text: key } = printKernel(kernel, '')
    const found = known.get(key)
    if (found !== undefined) return found
    const base = `k_${kernel.name.replaceAll(/\W/g, '_')}`
    const count = taken.get(base) ?? 0
    taken.set(base, count + 1)
    const name = count === 0 ? base : `${base}_v${count}`
    const { text, ...call } = printKernel(kernel, name)
    functions.push(text)
    const launch = { ...call, function: name }
    known.set(key, launch)
    return launch
  }
  const programs = plans.map(({ kernels, launches }) => ({
    launches: launches.map(({ kernel }) => functionOf(kernels[kernel] ?? internalError(`no kernel ${kernel}`))),
    scratchBytes: Math.max(0, ...kernels.map(scratchBytes)),
  }))
  return { functions, programs }
}
