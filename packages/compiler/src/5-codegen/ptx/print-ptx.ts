// print-ptx: kernel -> an entry of a PTX module
//
// One thread a lane, one block a group. Parameter n is the address of buffer n; after the buffers come the values of
// dimensions and scalars, where the kernel uses any. Decides nothing about the kernel's shape.

import { invariant } from '../../base/invariant.ts'
import type { Expr, GroupArray, Kernel } from '../../ir/kernel/kernel.ts'
import { isCooperative } from '../../ir/kernel/cooperative.ts'
import { WARP, lanesOf } from '../../ir/kernel/matrix-unit.ts'
import { bytesOfGroup, bytesOfGroupArray, sharedBytes } from '../../ir/kernel/scalar-type.ts'
import { forEachStmt } from '../../ir/kernel/visit.ts'
import { checkLimits } from '../check-limits.ts'
import { type AssemblerStyle, createAssembler } from './assembler.ts'
import type { PtxArray, PtxContext, PtxParam } from './context.ts'
import { GRID_BARRIER } from './grid-barrier.ts'
import { STATIC_SHARED, ptxLimits } from './limits.ts'
import { printBlock } from './print-statement.ts'
import { createSymbols } from './symbols.ts'
import { computedArrays } from './variables.ts'

/** Registers of a multiprocessor, and those that a thread may have: with many sums it needs the most that there are. */
const REGISTERS = 65_536
const OF_THREAD = 128
const OF_THREAD_WITH_SUMS = 256
const MANY_SUMS = 64

/** The arrays in group memory that are more than what threads of a warp could hand to one another by. */
function neededArrays({ arrays, lanes, body }: Kernel): readonly GroupArray[] {
  const idle = new Set<string>()
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'combine' && (stmt.lanes ?? lanes[0]) <= WARP) idle.add(stmt.array)
  })
  return arrays.filter(({ name }) => !idle.has(name))
}

/** A printed kernel. */
export interface PtxEntry {
  /** What it is called, where that is free. */
  readonly name: string
  /** Returns the entry under a name; `location` is a line that says where it is from. */
  text(name: string, location?: string): string
  readonly block: readonly [number, number, number]
  readonly buffers: number
  /** Whether it takes dims and scalars. */
  readonly uniform: boolean
  /** Whether its blocks wait for one another. */
  readonly cooperative: boolean
  /** Bytes of dynamic shared memory, which the module declares. */
  readonly shared: number
  /** What it runs on: compute capability 8.0 and later, or 9.0 alone, by `wgmma`. */
  readonly architecture: PtxArchitecture
}

/** What a PTX module is for. */
export type PtxArchitecture = 'sm_80' | 'sm_90a'

/** Bytes of which shared memory begins at a multiple: of all banks, or of a pattern of exchanged runs as `wgmma` takes them. */
export const sharedAlign: { readonly [A in PtxArchitecture]: number } = { sm_80: 128, sm_90a: 1024 }

/** What dynamic shared memory is called, in all entries of a module. */
export const DYNAMIC_SHARED = 'dynamic_shared'

/** The registers that a thread's part of the fragments of sums takes. */
function sumsOf({ body }: Kernel): number {
  let sums = 0
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'fragment') sums += (stmt.unit.rows * stmt.unit.columns) / lanesOf(stmt.unit)
  })
  return sums
}

/** Returns what a kernel needs: products of matrices in group memory only one architecture has. */
function architectureOf({ body }: Kernel): PtxArchitecture {
  let isOfFour = false
  forEachStmt(body, (stmt) => {
    if (stmt.kind === 'startProducts') isOfFour = true
  })
  return isOfFour ? 'sm_90a' : 'sm_80'
}

/** Returns the bytes of dynamic shared memory: arrays that have a place lie there where they would be too much elsewhere. */
function dynamicShared({ arrays }: Kernel): number {
  const shared = sharedBytes(arrays)
  return shared > STATIC_SHARED ? shared : 0
}

/** Declares the arrays of a kernel in memory of the group; those that have a place lie in one. */
function declareArrays(kernel: Kernel, style: AssemblerStyle, memory: string[]): ReadonlyMap<string, PtxArray> {
  const { arrays } = kernel
  const isReadable = style === 'readable'
  const shared = sharedBytes(arrays)
  const align = sharedAlign[architectureOf(kernel)]
  const isDynamic = dynamicShared(kernel) > 0
  const common = isDynamic ? DYNAMIC_SHARED : isReadable ? 'tile_shared' : 's'
  if (shared > 0 && !isDynamic) memory.push(`\t.shared .align ${align} .b8 ${common}[${shared}];`)
  return new Map(
    arrays.map((array, i) => {
      if (array.place !== undefined) return [array.name, { array, name: common, writes: 0 }]
      const name = isReadable ? `${array.name.replaceAll(/\W/g, '_')}_shared` : `s${i}`
      const align = array.rows === undefined ? 16 : 128
      memory.push(`\t.shared .align ${align} .b8 ${name}[${bytesOfGroupArray(array)}];`)
      return [array.name, { array, name, writes: 0 }]
    }),
  )
}

/** Prints a verified kernel. Throws `internal: …` where it breaks CUDA's limits. */
export function printPtx(given: Kernel, style: AssemblerStyle): PtxEntry {
  const kernel = { ...given, arrays: neededArrays(given) }
  checkLimits(kernel, ptxLimits, 'CUDA')
  const statically = bytesOfGroup(kernel) - dynamicShared(kernel)
  invariant(statically <= STATIC_SHARED, `kernel ${kernel.name} has ${statically} bytes of static shared memory`)
  const asm = createAssembler(style)
  const symbols = createSymbols(kernel, asm)
  const memory: string[] = []
  const params = new Map<string, PtxParam>(
    kernel.params.map(({ name, dtype, access }) => [name, { name, dtype, isWritten: access !== 'read', writes: 0 }]),
  )
  const arrays = declareArrays(kernel, style, memory)
  const context: PtxContext = {
    asm,
    lanes: kernel.lanes,
    params,
    arrays,
    vars: new Map(),
    lets: new Map(),
    fragments: new Map(),
    unrolled: new Map(),
    computed: computedArrays(kernel.body),
    known: [new Map<Expr, readonly string[]>()],
    guard: undefined,
    symbol: symbols.symbol,
    base: symbols.base,
    declareLocal(name, bytes) {
      const own = `${name.replaceAll(/\W/g, '_')}_local${memory.length}`
      memory.push(`\t.local .align 16 .b8 ${own}[${bytes}];`)
      return own
    },
  }
  printBlock(kernel.body, context)
  asm.emit('ret', undefined, [])
  const { declarations, lines } = asm.print()
  const head = [...memory, ...declarations].join('\n')
  const body = [...symbols.prelude(), ...lines].join('\n')
  const parameters = symbols.parameters().join(', ')
  const cooperative = isCooperative(kernel)
  const ofThread = sumsOf(kernel) > MANY_SUMS ? OF_THREAD_WITH_SUMS : OF_THREAD
  const blocks = Math.max(1, Math.floor(REGISTERS / ofThread / kernel.lanes.reduce((a, b) => a * b, 1)))
  return {
    name: kernel.name,
    text(name, location) {
      const word = cooperative ? `.global .align 4 .u32 ${name}_grid = 0;\n` : ''
      const bound = `.visible .entry ${name}(${parameters})\n.reqntid ${kernel.lanes.join(', ')}\n.minnctapersm ${blocks}`
      const own = body.replaceAll(GRID_BARRIER, `${name}_grid`)
      return `${word}${bound}\n{\n${[head, ...(location === undefined ? [] : [location]), own].join('\n')}\n}\n`
    },
    block: kernel.lanes,
    buffers: kernel.params.length,
    uniform: symbols.usesUniform(),
    cooperative,
    shared: dynamicShared(kernel),
    architecture: architectureOf(kernel),
  }
}
