// routines: the library of functions that printed kernels call

import { internalError } from '../../base/invariant.ts'
import type { Routine, RoutineStyle, RoutineTable } from './routine.ts'
import { inverseRoutines } from './routines-inverse.ts'
import { mathRoutines } from './routines-math.ts'
import { powerRoutines } from './routines-power.ts'
import { quotientRoutines } from './routines-quotient.ts'
import { hostFunctions, scalarRoutines } from './routines-scalar.ts'
import { storageRoutines } from './routines-storage.ts'
import { trigonometricRoutines } from './routines-trigonometric.ts'
import { op } from './wat.ts'

/** The routines that a module needs, as text: imports first. */
export interface PrintedRoutines {
  readonly imports: readonly string[]
  readonly functions: readonly string[]
}

/** Returns the multiply-add of a target: one rounding with relaxed SIMD, two without. */
export function routineStyle(relaxed: boolean): RoutineStyle {
  return {
    madd: (a, b, c) => (relaxed ? op('f32x4.relaxed_madd', a, b, c) : op('f32x4.add', c, op('f32x4.mul', a, b))),
  }
}

/** Returns the functions that a text calls, with what those call. */
export function printRoutines(text: string, style: RoutineStyle): PrintedRoutines {
  const library: RoutineTable = {
    ...scalarRoutines(),
    ...storageRoutines(),
    ...mathRoutines(style),
    ...trigonometricRoutines(style),
    ...inverseRoutines(style),
    ...powerRoutines(),
    ...quotientRoutines(),
  }
  const imports = new Map<string, string>()
  const functions = new Map<string, string>()
  const scan = (code: string): void => {
    for (const [, name = ''] of code.matchAll(/\(call \$([\w.]+)/g)) {
      const host = /^import_(\w+)$/.exec(name)?.[1]
      if (host !== undefined) imports.set(host, printImport(host))
      else if (!functions.has(name) && !name.startsWith('k_')) {
        const routine = library[name] ?? internalError(`no routine ${name}`)
        functions.set(name, '')
        scan(routine.body)
        functions.set(name, printRoutine(name, routine))
      }
    }
  }
  scan(text)
  return { imports: [...imports.values()], functions: [...functions.values()] }
}

function printImport(name: string): string {
  // what programs call: see print-program
  if (name === 'divide' || name === 'mark') return `(import "m" "${name}" (func $import_${name} (param i32)))`
  const arity = Object.entries(hostFunctions).find(([known]) => known === name)?.[1] ?? internalError(`no ${name}`)
  return `(import "m" "${name}" (func $import_${name} (param${' f64'.repeat(arity)}) (result f64)))`
}

function printRoutine(name: string, { params, result, locals = {}, body }: Routine): string {
  const given = params.map((type, i) => `(param $${'xyz'.charAt(i)} ${type})`).join(' ')
  const own = Object.entries(locals)
    .map(([local, type]) => `(local $${local} ${type})`)
    .join(' ')
  return `(func $${name} ${given} (result ${result}) ${own}\n${body})`
}
