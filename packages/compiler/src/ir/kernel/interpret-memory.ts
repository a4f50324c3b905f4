// interpret-memory: the buffers and group arrays of an interpreted launch
//
// Remembers which lane touched which element last, so that races show: within a group between two barriers for group
// memory, over the whole launch for buffers (lanes of other groups run at any time), unless one group is all there is:
// its barriers order buffers too, where they say so. Barriers of the grid order everything.

import { internalError } from '../../base/invariant.ts'
import type { KernelBuffer } from './interpret.ts'
import type { Value } from './interpret-values.ts'
import { type GroupMemory, createGroupMemory } from './interpret-group.ts'
import { createWatch } from './interpret-watch.ts'
import type { Kernel } from './kernel.ts'
import { narrow } from './narrow.ts'

/** Memory as lanes see it. Every access throws where it leaves the buffer or races. */
export interface Memory {
  newLane(): number
  /** Makes the arrays of a group those that lanes see; `isNew` where it starts. */
  enterGroup(group: string, isNew: boolean): void
  /** What the barrier orders. */
  crossBarrier(memory: 'group' | 'buffers' | 'grid'): void
  load(param: string, index: number, lane: number): number
  store(param: string, index: number, value: number, lane: number): void
  groupLoad(array: string, index: number, lane: number): Value
  /** Without a value the element holds nothing until it gets one: a copy is on its way. */
  groupStore(array: string, index: number, value: Value | undefined, lane: number): void
}

/** Returns the memory of one launch. */
export function createMemory(
  kernel: Kernel,
  buffers: ReadonlyMap<string, KernelBuffer>,
  { races, isOneGroup }: { readonly races: 'throw' | 'ignore'; readonly isOneGroup: boolean },
): Memory {
  const groups = new Map<string, GroupMemory>()
  let entered: GroupMemory | undefined
  let lanes = 0
  const fail = (message: string): never => internalError(`kernel ${kernel.name}: ${message}`)
  const watch = races === 'throw' ? createWatch(fail) : undefined
  const bufferOf = (param: string, index: number): KernelBuffer => {
    const buffer = buffers.get(param) ?? fail(`no buffer for ${param}`)
    if (!Number.isInteger(index) || index < 0 || index >= buffer.length) fail(`${param}[${index}] of ${buffer.length}`)
    return buffer
  }
  const group = (): GroupMemory => entered ?? fail('no group')
  const dtypes = new Map(kernel.params.map(({ name, dtype }) => [name, dtype]))
  return {
    newLane: () => lanes++,
    enterGroup(name, isNew) {
      if (isNew) groups.set(name, createGroupMemory(kernel, { fail, watch: watch && createWatch(fail) }))
      entered = groups.get(name)
    },
    crossBarrier(ordered) {
      if (ordered !== 'buffers') group().forget()
      if (ordered === 'grid' || (ordered === 'buffers' && isOneGroup))
        for (const { name } of kernel.params) watch?.forget(name)
    },
    load(param, index, lane) {
      const buffer = bufferOf(param, index)
      watch?.read(param, index, lane)
      return buffer[index] ?? 0
    },
    store(param, index, value, lane) {
      const buffer = bufferOf(param, index)
      const kept = narrow(value, dtypes.get(param) ?? 'f32')
      watch?.write(param, index, lane, !Object.is(buffer[index], kept))
      buffer[index] = kept
    },
    groupLoad: (array, index, lane) => group().load(array, index, lane),
    groupStore: (array, index, value, lane) => group().store(array, index, value, lane),
  }
}
