// share-kernels: one draft a launch -> kernels, and the scalars of each launch
//
// Launches of equal structure share one kernel. Where they differ only in constant offsets of their buffer accesses
// (step t of an unrolled recurrence), the offsets that vary become scalar arguments of the launch.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Kernel } from '../ir/kernel/kernel.ts'
import { mapAccesses } from '../ir/kernel/map-accesses.ts'

/** A kernel before it has a name. */
export type KernelDraft = Omit<Kernel, 'name' | 'scalars'>

/** What is launched: which kernel, with which scalars. */
export interface SharedKernels {
  readonly kernels: readonly (Omit<Kernel, 'name'> & { readonly firstLaunch: number })[]
  readonly launches: readonly { readonly kernel: number; readonly scalars: readonly number[] }[]
}

/** Shares kernels among launches; the order of launches stays. */
export function shareKernels(drafts: readonly KernelDraft[]): SharedKernels {
  const families = new Map<string, { readonly members: number[]; readonly offsets: (readonly number[])[] }>()
  drafts.forEach((draft, launch) => {
    const offsets: number[] = []
    const body = mapAccesses(draft.body, (index) => {
      const offset = dims.constantTerm(index)
      offsets.push(offset)
      return dims.sub(index, offset)
    })
    const key = structureOf({ ...draft, body })
    const family = families.get(key) ?? { members: [], offsets: [] }
    family.members.push(launch)
    family.offsets.push(offsets)
    families.set(key, family)
  })
  const kernels: (Omit<Kernel, 'name'> & { readonly firstLaunch: number })[] = []
  const launches: { kernel: number; scalars: readonly number[] }[] = []
  for (const { members, offsets } of families.values()) {
    const first = members[0]
    const draft = first === undefined ? undefined : drafts[first]
    if (draft === undefined || first === undefined) continue
    const { columnOf, scalarsOf, count } = varying(offsets)
    let access = 0
    const body = mapAccesses(draft.body, (index) => {
      const column = columnOf(access++)
      if (column === undefined) return index
      return dims.add(dims.sub(index, dims.constantTerm(index)), dims.symbol(`s${column}`, { min: 0 }))
    })
    members.forEach(
      (launch, i) => (launches[launch] = { kernel: kernels.length, scalars: scalarsOf(offsets[i] ?? []) }),
    )
    kernels.push({ ...draft, body, scalars: count, firstLaunch: first })
  }
  return { kernels, launches }
}

/** Which accesses vary, and by which scalar: accesses that vary alike share one. */
function varying(offsets: readonly (readonly number[])[]): {
  columnOf(access: number): number | undefined
  scalarsOf(own: readonly number[]): readonly number[]
  readonly count: number
} {
  const columns = new Map<string, number>()
  const representatives: number[] = []
  const byAccess = (offsets[0] ?? []).map((value, access) => {
    const column = offsets.map((own) => own[access] ?? 0)
    if (column.every((v) => v === value)) return undefined
    const key = column.join()
    const known = columns.get(key)
    if (known !== undefined) return known
    columns.set(key, representatives.length)
    representatives.push(access)
    return representatives.length - 1
  })
  return {
    columnOf: (access) => byAccess[access],
    scalarsOf: (own) => representatives.map((access) => own[access] ?? 0),
    count: representatives.length,
  }
}

/** A key of a draft; index expressions are in normal form, so that equal keys are equal structures. */
function structureOf(draft: object): string {
  return JSON.stringify(draft, (_, value: unknown) => {
    if (dims.isDimExpression(value)) return `dim ${dims.keyOf(value satisfies Dim)}`
    if (typeof value !== 'number') return value
    return Number.isFinite(value) && !Object.is(value, -0) ? value : `number ${Object.is(value, -0) ? '-0' : value}`
  })
}
