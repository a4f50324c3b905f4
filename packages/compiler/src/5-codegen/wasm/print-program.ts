// print-program: a plan -> one function that runs it
//
// Takes the address of a table: pointers to inputs, outputs, weights and constants of the definition, then the
// dimensions, scratch memory and the transients. No call leaves the module.

import { internalError } from '../../base/invariant.ts'
import type { Dim } from '@tsjit/dsl/compiler'
import type { Kernel } from '../../ir/kernel/kernel.ts'
import { printIndex } from './print-index.ts'
import { dimLocals } from './printer-context.ts'
import { get, i32, op, set } from './wat.ts'

/** Where a launch finds what it needs: slots of the table. */
export interface ProgramLaunch {
  /** The name of the kernel's function. */
  readonly function: string
  /** One slot a parameter. */
  readonly slots: readonly number[]
  readonly scalars: readonly number[]
  readonly groups: Dim
}

/** A program to print. */
export interface ProgramParts {
  readonly name: string
  readonly dims: readonly string[]
  /** The slot of the first dimension; scratch memory follows the last. */
  readonly dimSlot: number
  readonly launches: readonly ProgramLaunch[]
}

/** Returns the function of a program. */
export function printProgram({ name, dims, dimSlot, launches }: ProgramParts): string {
  const locals = dimLocals(dims)
  const nameOf = (symbol: string): string => locals.get(symbol) ?? internalError(`no dimension ${symbol}`)
  const slot = (index: number): string => `(i32.load offset=${4 * index} ${get('table')})`
  return [
    `(func $${name} (param $table i32)`,
    [...locals.values()].map((local) => `(local $${local} i32)`).join(' '),
    ...[...locals.values()].map((local, i) => set(local, slot(dimSlot + i))),
    ...launches.map((launch) =>
      op(
        `call $${launch.function}`,
        ...launch.slots.map(slot),
        ...[...locals.values()].map(get),
        ...launch.scalars.map(i32),
        slot(dimSlot + dims.length),
        i32(0),
        printIndex(launch.groups, nameOf),
      ),
    ),
    ')',
  ].join('\n')
}

/** Functions of kernels by name; equal ones are one. */
export interface KernelFunctions {
  /** Returns the name of a kernel's function. */
  nameOf(kernel: Kernel): string
  readonly texts: readonly string[]
}

/** Collects the functions of kernels. */
export function createKernelFunctions(print: (kernel: Kernel) => string): KernelFunctions {
  const names = new Map<string, string>()
  const texts: string[] = []
  const taken = new Map<string, number>()
  return {
    texts,
    nameOf(kernel) {
      const key = print({ ...kernel, name: '' })
      const known = names.get(key)
      if (known !== undefined) return known
      const count = taken.get(kernel.name) ?? 0
      taken.set(kernel.name, count + 1)
      const own = count === 0 ? kernel.name : `${kernel.name}.${count}`
      names.set(key, `k_${own}`)
      texts.push(print({ ...kernel, name: own }))
      return `k_${own}`
    },
  }
}
