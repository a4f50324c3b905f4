// routines: the library of functions that printed kernels call
//
// Each meets the numeric specification where WGSL's builtin is too loose or leaves NaN and infinity open. Only those
// that a kernel calls are printed, with what they need, in dependency order.

import type { Routine, RoutineTable } from './routine.ts'
import { type BasicRoutine, basicRoutines } from './routines-basic.ts'
import { type DivisionRoutine, divisionRoutines } from './routines-division.ts'
import { type ExponentialRoutine, exponentialRoutines } from './routines-exponential.ts'
import { type PowerRoutine, powerRoutines } from './routines-power.ts'
import { type TrigonometricRoutine, trigonometricRoutines } from './routines-trigonometric.ts'

/** The name of a routine. */
export type RoutineName = BasicRoutine | DivisionRoutine | ExponentialRoutine | PowerRoutine | TrigonometricRoutine

const library: RoutineTable<RoutineName> = {
  ...basicRoutines,
  ...divisionRoutines,
  ...exponentialRoutines,
  ...powerRoutines,
  ...trigonometricRoutines,
}

/** Returns the name of a routine that works on every component of vectors. */
export function vectorName(name: RoutineName, width: 2 | 4): string {
  return `${name}_v${width}`
}

/** Returns the declarations that `called` names need (vector forms included), each after what it calls itself. */
export function printRoutines(called: Iterable<string>): readonly string[] {
  const printed = new Map<string, string>()
  const print = (name: string): void => {
    if (printed.has(name)) return
    const text = name === 'tj_zero' ? 'var<private> tj_zero: u32 = 0u;' : declaration(name)
    printed.set(name, '') // routines do not recur; this only ends a mistake early
    for (const [inner] of text.matchAll(/\btj_\w+/g)) print(inner)
    printed.delete(name)
    printed.set(name, text)
  }
  for (const name of called) print(name)
  return [...printed.values()]
}

function declaration(name: string): string {
  const routine = routineOf(name)
  if (routine !== undefined) return functionText(name, routine, routine.body.trim())
  const width = Number(name.at(-1))
  const scalar = name.slice(0, -3)
  return functionText(name, vectorOf(routineOf(scalar), width), componentwise(scalar, width, routineOf(scalar)))
}

function routineOf(name: string): Routine | undefined {
  const table: Readonly<Record<string, Routine>> = library
  return table[name]
}

function vectorOf(routine: Routine | undefined, width: number): Routine {
  const vector = (type: string): string => `vec${width}<${type}>`
  return { params: routine?.params.map(vector) ?? [], result: vector(routine?.result ?? ''), body: '' }
}

function componentwise(scalar: string, width: number, routine: Routine | undefined): string {
  const calls = ['x', 'y', 'z', 'w'].slice(0, width).map((component) => {
    const args = (routine?.params ?? []).map((_, i) => `${parameterName(i)}.${component}`)
    return `${scalar}(${args.join(', ')})`
  })
  return `return vec${width}<${routine?.result ?? ''}>(${calls.join(', ')});`
}

function functionText(name: string, { params, result }: Routine, body: string): string {
  const list = params.map((type, i) => `${parameterName(i)}: ${type}`).join(', ')
  // tables indent bodies by six
  const lines = body.split('\n').map((line) => `  ${line.replace(/^ {6}/, '')}`)
  return `fn ${name}(${list}) -> ${result} {\n${lines.join('\n')}\n}`
}

function parameterName(index: number): string {
  return 'xyz'.charAt(index)
}
