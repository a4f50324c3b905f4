// print-program: a plan -> one function that runs it
//
// Takes the address of a table: pointers to inputs, outputs, weights and constants of the definition, then the
// dimensions, scratch memory and the transients. No call leaves the module.
//
// A program that threads may divide also takes (from, to, own, begin, end): the launches from … to-1, with scratch memory
// `own` bytes further on, and of a launch that may be divided the groups begin … end-1. Without them it runs all.

import { internalError } from '../../base/invariant.ts'
import type { Dim } from '@tsjit/dsl/compiler'
import type { Kernel } from '../../ir/kernel/kernel.ts'
import { printIndex } from './print-index.ts'
import { dimLocals } from './printer-context.ts'
import { get, i32, op, set } from './wat.ts'

/** More launches, and more groups, than there are. */
const MOST = 2 ** 31 - 1

/** Where a launch finds what it needs: slots of the table. */
export interface ProgramLaunch {
  /** The name of the kernel's function. */
  readonly function: string
  /** One slot a parameter. */
  readonly slots: readonly number[]
  readonly scalars: readonly number[]
  readonly groups: Dim
  /** Whether threads may divide it. */
  readonly isDivided: boolean
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
  const isDivided = launches.some((launch) => launch.isDivided)
  const scratch = slot(dimSlot + dims.length)
  const printCall = (launch: ProgramLaunch): string => {
    const groups = printIndex(launch.groups, nameOf)
    return op(
      `call $${launch.function}`,
      ...launch.slots.map(slot),
      ...[...locals.values()].map(get),
      ...launch.scalars.map(i32),
      isDivided ? op('i32.add', scratch, get('own')) : scratch,
      ...(launch.isDivided ? [get('begin'), lesser(groups, get('end'))] : [i32(0), groups]),
    )
  }
  const params = isDivided ? ['table', 'from', 'to', 'own', 'begin', 'end'] : ['table']
  return [
    `(func $${name} ${params.map((param) => `(param $${param} i32)`).join(' ')}`,
    [...locals.values()].map((local) => `(local $${local} i32)`).join(' '),
    ...[...locals.values()].map((local, i) => set(local, slot(dimSlot + i))),
    ...(isDivided
      ? [everything, ...printSteps(stepsOf(launches), (step) => step.launches.map(printCall))]
      : launches.map(printCall)),
    ')',
  ].join('\n')
}

/** No launch is the last: all are meant. */
const everything = `(if ${op('i32.eqz', get('to'))} (then ${set('to', i32(MOST))} ${set('end', i32(MOST))}))`

/** Launches that run together: one that threads may divide, or all up to the next such. */
interface ProgramStep {
  readonly from: number
  readonly launches: readonly ProgramLaunch[]
}

function stepsOf(launches: readonly ProgramLaunch[]): readonly ProgramStep[] {
  const steps: { from: number; launches: ProgramLaunch[] }[] = []
  launches.forEach((launch, i) => {
    const last = steps.at(-1)
    const isNew = last === undefined || launch.isDivided || last.launches[0]?.isDivided
    if (isNew) steps.push({ from: i, launches: [launch] })
    else last.launches.push(launch)
  })
  return steps
}

/** Steps in order, those that are not asked for skipped by halves. */
function printSteps(steps: readonly ProgramStep[], print: (step: ProgramStep) => readonly string[]): readonly string[] {
  const [first, last] = [steps[0], steps.at(-1)]
  if (first === undefined || last === undefined) return []
  const isAsked = op(
    'i32.and',
    op('i32.gt_s', get('to'), i32(first.from)),
    op('i32.lt_s', get('from'), i32(last.from + last.launches.length)),
  )
  const half = Math.ceil(steps.length / 2)
  const inner =
    steps.length === 1
      ? print(first)
      : [...printSteps(steps.slice(0, half), print), ...printSteps(steps.slice(half), print)]
  return [`(if ${isAsked} (then`, ...inner, '))']
}

function lesser(a: string, b: string): string {
  return op('select', a, b, op('i32.lt_s', a, b))
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
