// storage: how buffers and group arrays are declared
//
// A parameter that is only ever accessed by vectors of one width is an array of such vectors; otherwise of scalars.

import type { DType } from '@tsjit/dsl/compiler'
import type { Kernel, KernelParam, Width } from '../../ir/kernel/kernel.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../../ir/kernel/visit.ts'
import type { Names } from './names.ts'
import { storedTypes, typeName } from './types.ts'

/** A buffer parameter as printed. */
export interface PrintedParam {
  readonly name: string
  readonly dtype: DType
  /** Of the elements of the array. */
  readonly width: Width
  readonly isWritten: boolean
  /** How many writes came before the place that is being printed. */
  writes: number
}

/** An array in group memory as printed. */
export interface PrintedArray {
  readonly name: string
  writes: number
}

/** Returns the parameters under their names in the kernel. */
export function printedParams(kernel: Kernel, names: Names): ReadonlyMap<string, PrintedParam> {
  const widths = accessWidths(kernel)
  return new Map(
    kernel.params.map(({ name, dtype, access }) => {
      const [width, ...others] = widths.get(name) ?? []
      return [
        name,
        {
          name: names.fresh(name),
          dtype,
          width: width === undefined || others.length > 0 ? 1 : width,
          isWritten: access !== 'read',
          writes: 0,
        },
      ]
    }),
  )
}

/** Returns the declaration of a parameter; `access` is 'r' for read-only, 'w' for read_write. */
export function declareParam(binding: number, param: PrintedParam, access: string): string {
  const mode = access === 'r' ? 'read' : 'read_write'
  const type = typeName(storedTypes[param.dtype], param.width)
  return `@group(0) @binding(${binding}) var<storage, ${mode}> ${param.name}: array<${type}>;`
}

/** Returns the access letters that a kernel has by itself, as if nothing were in an arena. */
export function ownAccess(params: readonly KernelParam[]): string {
  return params.map(({ access }) => (access === 'read' ? 'r' : 'w')).join('')
}

function accessWidths(kernel: Kernel): ReadonlyMap<string, readonly Width[]> {
  const widths = new Map<string, Width[]>()
  const add = (param: string, width: Width): void => {
    const known = widths.get(param) ?? []
    if (!known.includes(width)) widths.set(param, [...known, width])
  }
  forEachStmt(kernel.body, (stmt) => {
    if (stmt.kind === 'store') add(stmt.param, stmt.value.width)
    forEachExpr(valuesOf(stmt), (expr) => {
      if (expr.kind === 'load') add(expr.param, expr.width)
    })
  })
  return widths
}
