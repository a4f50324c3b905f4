// share-kernels: one draft a launch -> kernels, and the scalars of each launch
//
// Launches of equal structure share one kernel. The counters of the loops around them are scalar arguments; where they
// differ only in constant offsets of their buffer accesses (step t of an unrolled recurrence), so are the offsets.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import type { Kernel } from '../ir/kernel/kernel.ts'
import { mapKernel } from '../ir/kernel/map-kernel.ts'
import { structureKey } from '../ir/graph/structure-key.ts'

/** A kernel before it has a name, and the counters of loops that its launch passes. */
export interface KernelDraft extends Omit<Kernel, 'name' | 'scalars'> {
  readonly counters: readonly Dim[]
}

/** What is launched: which kernel, with which scalars. */
export interface SharedKernels {
  readonly kernels: readonly (Omit<Kernel, 'name'> & { readonly firstLaunch: number })[]
  readonly launches: readonly { readonly kernel: number; readonly scalars: readonly Dim[] }[]
}

/** Shares kernels among launches; the order of launches stays. */
export function shareKernels(given: readonly KernelDraft[]): SharedKernels {
  const drafts = given.map(nameCounters)
  const families = new Map<string, { readonly members: number[]; readonly offsets: (readonly number[])[] }>()
  drafts.forEach((draft, launch) => {
    const offsets: number[] = []
    const access = (index: Dim): Dim => {
      const offset = dims.constantTerm(index)
      offsets.push(offset)
      return dims.sub(index, offset)
    }
    const body = mapKernel(draft.body, { access })
    const key = structureKey({ ...draft, counters: draft.counters.length, body })
    const family = families.get(key) ?? { members: [], offsets: [] }
    family.members.push(launch)
    family.offsets.push(offsets)
    families.set(key, family)
  })
  const kernels: (Omit<Kernel, 'name'> & { readonly firstLaunch: number })[] = []
  const launches: { kernel: number; scalars: readonly Dim[] }[] = []
  for (const { members, offsets } of families.values()) {
    const first = members[0]
    const draft = first === undefined ? undefined : drafts[first]
    if (draft === undefined || first === undefined) continue
    const { counters, ...kernel } = draft
    const { columnOf, scalarsOf, count: columns } = varying(offsets)
    let count = 0
    const access = (index: Dim): Dim => {
      const column = columnOf(count++)
      if (column === undefined) return index
      return dims.add(dims.sub(index, dims.constantTerm(index)), scalar(counters.length + column))
    }
    const body = mapKernel(draft.body, { access })
    members.forEach(
      (launch, i) =>
        (launches[launch] = {
          kernel: kernels.length,
          scalars: [...(drafts[launch]?.counters ?? []), ...scalarsOf(offsets[i] ?? [])],
        }),
    )
    kernels.push({ ...kernel, body, scalars: counters.length + columns, firstLaunch: first })
  }
  return { kernels, launches }
}

function scalar(index: number): Dim {
  return dims.symbol(`s${index}`, { min: 0 })
}

/** The counters that a kernel reads become its first scalars: equal loops have equal kernels. */
function nameCounters(draft: KernelDraft): KernelDraft {
  const read = new Set<string>()
  mapKernel(draft.body, {
    dim(index) {
      for (const { name } of dims.symbolsOf(index)) read.add(name)
      return index
    },
  })
  const counters = draft.counters.filter((counter) => dims.symbolsOf(counter).some(({ name }) => read.has(name)))
  if (counters.length === 0) return { ...draft, counters }
  const names = new Map(counters.flatMap((c, i) => dims.symbolsOf(c).map(({ name }) => [name, scalar(i)] as const)))
  return { ...draft, counters, body: mapKernel(draft.body, { dim: (index) => dims.substitute(index, names) }) }
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
