// variants: plan -> kernels by what they are bound to
//
// WebGPU wants all bindings of one buffer in a dispatch to have one access. Transients share the arena, so each is bound
// read_write even where it is only read; outputs likewise. A kernel is printed once for each combination that occurs.

import { internalError } from '../../base/invariant.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { BufferRef, Plan } from './plan.ts'

/** A kernel with one letter for each parameter: 'r' bound read-only, 'w' bound read_write. */
export interface KernelVariant {
  readonly kernel: Kernel
  readonly access: string
}

/** The variants of a plan's kernels, and which one each launch runs. */
export interface PlanVariants {
  readonly variants: readonly KernelVariant[]
  readonly ofLaunch: readonly number[]
}

const letters: { readonly [K in BufferRef['kind']]: 'r' | 'w' } = {
  input: 'r',
  weight: 'r',
  constant: 'r',
  output: 'w',
  transient: 'w',
}

/** Returns the variants that a plan launches, in order of first use. */
export function variantsOf(plan: Plan): PlanVariants {
  const variants: KernelVariant[] = []
  const known = new Map<string, number>()
  const ofLaunch = plan.launches.map((launch) => {
    const kernel = plan.kernels[launch.kernel] ?? internalError(`no kernel ${launch.kernel}`)
    const access = launch.bindings
      .map(({ kind }, i) => (kernel.params[i]?.access === 'read' ? letters[kind] : 'w'))
      .join('')
    const key = `${launch.kernel} ${access}`
    const index = known.get(key) ?? variants.length
    known.set(key, index)
    if (index === variants.length) variants.push({ kernel, access })
    return index
  })
  return { variants, ofLaunch }
}
