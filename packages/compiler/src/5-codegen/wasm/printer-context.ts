// printer-context: what printing one function shares
//
// Locals are declared as they come up; every name of the kernel form is a local of the same name, dimensions and
// parameters are those of the function.

import type { DType } from '@tsjit/dsl/compiler'
import type { GroupArray, Kernel } from '../../ir/kernel/kernel.ts'
import { internalError } from '../../base/invariant.ts'
import type { RoutineStyle } from './routine.ts'
import type { WatType } from './wat.ts'

/** The function being printed. */
export interface FunctionContext {
  readonly style: RoutineStyle
  /** How each parameter is stored. */
  readonly dtypes: ReadonlyMap<string, DType>
  /** Where each array lies in the scratch memory of a thread, in bytes. */
  readonly arrays: ReadonlyMap<string, { readonly array: GroupArray; readonly offset: number }>
  /** The parameters that hold the dimensions: their names may be no names in WebAssembly. */
  readonly dims: ReadonlyMap<string, string>
  readonly locals: Map<string, WatType>
  /** Pointers of the loop being printed, by what they point at. */
  readonly pointers: Map<string, string>
  /** Running maxima and minima of the loop being printed, and where each notes a NaN. */
  readonly extremes: Map<string, string>
  fresh(prefix: string, type: WatType): string
}

/** Bytes that an element of a group array takes. */
const LANE_BYTES = 4
/** Vectors in scratch memory do not cross cache lines. */
const ARRAY_ALIGNMENT = 16

/** Returns a context for one kernel. */
export function createFunctionContext(kernel: Kernel, style: RoutineStyle): FunctionContext {
  const locals = new Map<string, WatType>()
  let count = 0
  let offset = 0
  const arrays = new Map<string, { array: GroupArray; offset: number }>()
  for (const array of kernel.arrays) {
    arrays.set(array.name, { array, offset })
    offset += bytesOf(array)
  }
  return {
    style,
    dtypes: new Map(kernel.params.map(({ name, dtype }) => [name, dtype])),
    arrays,
    dims: dimLocals(kernel.dims),
    locals,
    pointers: new Map(),
    extremes: new Map(),
    fresh(prefix, type) {
      const name = `${prefix}.${count++}`
      locals.set(name, type)
      return name
    },
  }
}

/** Returns the bytes of scratch memory that a kernel uses. */
export function scratchBytes(kernel: Kernel): number {
  return kernel.arrays.reduce((sum, array) => sum + bytesOf(array), 0)
}

function bytesOf({ length, width }: GroupArray): number {
  return Math.ceil((length * width * LANE_BYTES) / ARRAY_ALIGNMENT) * ARRAY_ALIGNMENT
}

/** Declares a local of the kernel form. */
export function declare(context: FunctionContext, name: string, type: WatType): void {
  const known = context.locals.get(name)
  if (known !== undefined && known !== type) internalError(`${name} is ${known} and ${type}`)
  context.locals.set(name, type)
}

/** Returns the local of each dimension. */
export function dimLocals(names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(names.map((name, i) => [name, `dim${i}`]))
}
