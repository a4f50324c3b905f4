// printer-context: what printing one function shares

import type { DType } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { GroupArray, Kernel } from '../../ir/kernel/kernel.ts'

/** The function being printed. */
export interface FunctionContext {
  /** How each parameter is stored. */
  readonly dtypes: ReadonlyMap<string, DType>
  /** Where each array lies in scratch memory, in bytes. */
  readonly arrays: ReadonlyMap<string, { readonly array: GroupArray; readonly offset: number }>
  /** Symbols by the name that they have in C: dimensions may have any. */
  readonly dims: ReadonlyMap<string, string>
  /** Names of type ptrdiff_t; other integers have 32 bits. */
  readonly wide: Set<string>
}

/** Returns a context for one kernel. */
export function createFunctionContext(kernel: Kernel): FunctionContext {
  let offset = 0
  const arrays = new Map<string, { array: GroupArray; offset: number }>()
  for (const array of kernel.arrays) {
    arrays.set(array.name, { array, offset })
    offset += bytesOf(array)
  }
  const dims = dimNames(kernel.dims)
  const scalars = Array.from({ length: kernel.scalars }, (_, i) => `s${i}`)
  return {
    dtypes: new Map(kernel.params.map(({ name, dtype }) => [name, dtype])),
    arrays,
    dims,
    wide: new Set(['g0', ...dims.values(), ...scalars]),
  }
}

/** Returns the name of each dimension. */
export function dimNames(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name, i) => [name, `dim${i}`]))
}

/** Returns what names a symbol in an index expression. */
export function symbolText({ dims, wide }: FunctionContext): (symbol: string) => string {
  return (symbol) => {
    const name = dims.get(symbol) ?? symbol
    return wide.has(name) ? name : `(ptrdiff_t)${name}`
  }
}

/** Returns how a parameter is stored. */
export function dtypeOf({ dtypes }: FunctionContext, param: string): DType {
  return dtypes.get(param) ?? internalError(`no parameter ${param}`)
}

/** Vectors in scratch memory do not cross cache lines. */
const ARRAY_ALIGNMENT = 64

/** Returns the bytes of scratch memory that a kernel uses. */
export function scratchBytes(kernel: Kernel): number {
  return kernel.arrays.reduce((sum, array) => sum + bytesOf(array), 0)
}

function bytesOf({ length, width }: GroupArray): number {
  return Math.ceil((length * width * 4) / ARRAY_ALIGNMENT) * ARRAY_ALIGNMENT
}
