// interpret-memory: the buffers and group arrays of an interpreted launch
//
// Remembers which lane touched which element last, so that races show: within a group between two barriers for group
// memory, over the whole launch for buffers (lanes of other groups run at any time), unless one group is all there is:
// its barriers order buffers too, where they say so. Barriers of the grid order everything.

import { internalError } from '../../base/invariant.ts'
import type { KernelBuffer } from './interpret.ts'
import type { Value } from './interpret-values.ts'
import type { GroupArray, Kernel } from './kernel.ts'
import { narrow } from './narrow.ts'
import { bytesOfGroupArray } from './scalar-type.ts'

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

/** Who touched an element since the last barrier (of group memory) or since the launch began (of buffers). */
interface Touches {
  readonly writers: Map<number, number>
  readonly readers: Map<number, number>
}

/** The group memory of one group. */
interface GroupMemory {
  readonly arrays: ReadonlyMap<string, (Value | undefined)[]>
  readonly watch: Watch | undefined
  /** The arrays that hold something. */
  readonly holding: Set<string>
}

const several = -1

/** Returns the memory of one launch. */
export function createMemory(
  kernel: Kernel,
  buffers: ReadonlyMap<string, KernelBuffer>,
  { races, isOneGroup }: { readonly races: 'throw' | 'ignore'; readonly isOneGroup: boolean },
): Memory {
  const groups = new Map<string, GroupMemory>()
  let arrays: GroupMemory['arrays'] = new Map()
  let groupWatch: Watch | undefined
  let holding = new Set<string>()
  let lanes = 0
  const fail = (message: string): never => internalError(`kernel ${kernel.name}: ${message}`)
  const watch = races === 'throw' ? createWatch(fail) : undefined
  const bufferOf = (param: string, index: number): KernelBuffer => {
    const buffer = buffers.get(param) ?? fail(`no buffer for ${param}`)
    if (!Number.isInteger(index) || index < 0 || index >= buffer.length) fail(`${param}[${index}] of ${buffer.length}`)
    return buffer
  }
  const arrayOf = (name: string, index: number): (Value | undefined)[] => {
    const array = arrays.get(name) ?? fail(`no group array ${name}`)
    if (!Number.isInteger(index) || index < 0 || index >= array.length) fail(`${name}[${index}] of ${array.length}`)
    return array
  }
  const declared = new Map(kernel.arrays.map((array) => [array.name, array]))
  const overlaps = overlapping(kernel.arrays)
  const dtypes = new Map(kernel.params.map(({ name, dtype }) => [name, dtype]))
  return {
    newLane: () => lanes++,
    enterGroup(group, isNew) {
      if (isNew) groups.set(group, { arrays: emptyArrays(kernel), watch: watch && createWatch(fail), holding: new Set() })
      const entered = groups.get(group) ?? fail(`no group ${group}`)
      arrays = entered.arrays
      groupWatch = entered.watch
      holding = entered.holding
    },
    crossBarrier(ordered) {
      if (ordered !== 'buffers') for (const { name } of kernel.arrays) groupWatch?.forget(name)
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
    groupLoad(array, index, lane) {
      const value = arrayOf(array, index)[index]
      groupWatch?.read(array, index, lane)
      return value ?? fail(`${array}[${index}] is read before it is written`)
    },
    groupStore(array, index, value, lane) {
      const elements = arrayOf(array, index)
      const stored = declared.get(array)?.stored
      const kept = stored === undefined || value === undefined ? value : narrow(Number(value), stored)
      for (const other of overlaps.get(array) ?? []) {
        groupWatch?.takeOver(other, lane)
        if (holding.delete(other)) arrays.get(other)?.fill(undefined)
      }
      holding.add(array)
      groupWatch?.write(array, index, lane, String(elements[index]) !== String(kept))
      elements[index] = kept
    },
  }
}

function emptyArrays({ arrays }: Kernel): GroupMemory['arrays'] {
  const empty = (length: number): (Value | undefined)[] => Array.from({ length })
  return new Map(arrays.map(({ name, length }) => [name, empty(length)]))
}

/** The arrays that lose what they hold where one is written. */
function overlapping(arrays: readonly GroupArray[]): ReadonlyMap<string, readonly string[]> {
  const ends = (array: GroupArray): number => (array.place ?? 0) + bytesOfGroupArray(array)
  const meet = (a: GroupArray, b: GroupArray): boolean =>
    a !== b &&
    a.place !== undefined &&
    b.place !== undefined &&
    a.place < ends(b) &&
    b.place < ends(a)
  return new Map(arrays.map((array) => [array.name, arrays.filter((b) => meet(array, b)).map(({ name }) => name)]))
}

/** Finds two lanes that touch one element with nothing to order them. */
interface Watch {
  read(name: string, index: number, lane: number): void
  write(name: string, index: number, lane: number, isChange: boolean): void
  /** Another array takes the memory of this one. */
  takeOver(name: string, lane: number): void
  forget(name: string): void
}

function createWatch(fail: (message: string) => never): Watch {
  const touches = new Map<string, Touches>()
  const touchesOf = (name: string): Touches => {
    const known = touches.get(name) ?? { writers: new Map(), readers: new Map() }
    touches.set(name, known)
    return known
  }
  return {
    read(name, index, lane) {
      const { writers, readers } = touchesOf(name)
      const writer = writers.get(index)
      if (writer !== undefined && writer !== lane)
        fail(`a race: ${name}[${index}] is written by one lane and read by another`)
      const reader = readers.get(index)
      readers.set(index, reader === undefined || reader === lane ? lane : several)
    },
    write(name, index, lane, isChange) {
      const { writers, readers } = touchesOf(name)
      const reader = readers.get(index)
      if (reader !== undefined && reader !== lane)
        fail(`a race: ${name}[${index}] is read by one lane and written by another`)
      const writer = writers.get(index)
      if (writer !== undefined && writer !== lane && isChange) fail(`a race: ${name}[${index}] is written by two lanes`)
      writers.set(index, lane)
    },
    takeOver(name, lane) {
      const { writers, readers } = touchesOf(name)
      for (const touched of [writers, readers])
        for (const [index, other] of touched)
          if (other !== lane) fail(`a race: ${name}[${index}] is used by one lane, and its memory by another`)
    },
    forget: (name) => void touches.delete(name),
  }
}
