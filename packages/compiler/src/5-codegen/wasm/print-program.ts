// print-program: a plan -> one function that runs it
//
// Takes the address of a table: pointers to inputs, outputs, weights and constants of the definition, then the
// dimensions, scratch memory and the transients. No call leaves the module. Loops and branches are those of
// WebAssembly; their conditions are read from where kernels have put them.
//
// A program that threads may divide also takes (from, to, own, begin, end): the launches from … to-1, with scratch memory
// `own` bytes further on, and of a launch that may be divided the groups begin … end-1. Without them it runs all.
//
// Who divides a launch inside of a loop or branch has to be told when: where `asks` is not 0 the program leaves the
// launch's scalars at the start of the memory and calls the host, which has its groups run one way or another by calls with
// the launch's second index: what it has as one of all, and the number of all launches more.

import { internalError } from '../../base/invariant.ts'
import { type Dim, dims as dimensions } from '@tsjit/dsl/compiler'
import type { Kernel } from '../../ir/kernel/kernel.ts'
import type { BufferRef, Step } from '../../ir/plan/plan.ts'
import { printIndex } from './print-index.ts'
import { MOST, printEnd, printMark } from './print-marks.ts'
import { dimLocals } from './printer-context.ts'
import { get, i32, op, set } from './wat.ts'

/** Where a launch finds what it needs: slots of the table. */
export interface ProgramLaunch {
  /** The name of the kernel's function. */
  readonly function: string
  /** One slot a parameter. */
  readonly slots: readonly number[]
  readonly scalars: readonly Dim[]
  readonly groups: Dim
  /** Whether threads may divide it, among the others or inside of a loop or branch. */
  readonly isDivided: boolean
  readonly isInner: boolean
}

/** A program to print. */
export interface ProgramParts {
  readonly name: string
  readonly dims: readonly string[]
  /** The slot of the first dimension; scratch memory follows the last. */
  readonly dimSlot: number
  readonly launches: readonly ProgramLaunch[]
  readonly steps: readonly Step[]
  /** Whether the host is told when a launch begins. */
  readonly isMarked: boolean
  slotOf(ref: BufferRef): number
}

/** Returns the function of a program. */
export function printProgram(program: ProgramParts): string {
  const { name, dims, dimSlot, steps, launches } = program
  const own = dimLocals(dims)
  const counters = new Map<string, string>()
  const fresh: string[] = []
  const context: ProgramContext = {
    program,
    isDivided: launches.some((launch) => launch.isDivided || launch.isInner),
    dims: [...own.values()].map(get),
    nameOf: (symbol) => own.get(symbol) ?? counters.get(symbol) ?? internalError(`no dimension ${symbol}`),
    counter(symbol) {
      const local = `turn${counters.size}`
      counters.set(symbol, local)
      fresh.push(local)
      return local
    },
    local() {
      const local = `n${fresh.length}`
      fresh.push(local)
      return local
    },
  }
  const inner = launches.flatMap((launch, index) => (launch.isInner ? printInner(index, context) : []))
  const body = context.isDivided
    ? [everything, ...printUnits(unitsOf(steps, context)), ...inner]
    : printSteps(steps, context)
  const divided = ['from', 'to', 'own', 'begin', 'end', ...(inner.length > 0 ? ['asks'] : [])]
  const params = ['table', ...(context.isDivided ? divided : [])]
  return [
    `(func $${name} ${params.map((param) => `(param $${param} i32)`).join(' ')}`,
    [...own.values(), ...fresh].map((local) => `(local $${local} i32)`).join(' '),
    ...[...own.values()].map((local, i) => set(local, slot(dimSlot + i))),
    ...body,
    ...(program.isMarked ? [printEnd(context.isDivided)] : []),
    ')',
  ].join('\n')
}

interface ProgramContext {
  readonly program: ProgramParts
  /** Whether threads may divide any of it. */
  readonly isDivided: boolean
  /** The values of the dimensions. */
  readonly dims: readonly string[]
  /** The local of a dimension or of a counter at hand. */
  nameOf(symbol: string): string
  /** Returns a new local for a counter. */
  counter(symbol: string): string
  /** Returns a new local. */
  local(): string
}

function slot(index: number): string {
  return `(i32.load offset=${4 * index} ${get('table')})`
}

/** No launch is the last: all are meant. */
const everything = `(if ${op('i32.eqz', get('to'))} (then ${set('to', i32(MOST))} ${set('end', i32(MOST))}))`

/** What one thread runs, or what threads divide: launches from … to-1. */
interface Unit {
  readonly from: number
  to: number
  readonly isDivided: boolean
  readonly lines: string[]
}

function unitsOf(steps: readonly Step[], context: ProgramContext): readonly Unit[] {
  const units: Unit[] = []
  let next = 0
  for (const step of steps) {
    const from = next
    next += launchCount(step)
    const isDivided = step.kind === 'launch' && context.program.launches[step.launch]?.isDivided === true
    const last = units.at(-1)
    const lines = printSteps([step], context)
    if (last === undefined || isDivided || last.isDivided) units.push({ from, to: next, isDivided, lines: [...lines] })
    else {
      last.to = next
      last.lines.push(...lines)
    }
  }
  return units
}

function launchCount(step: Step): number {
  const sum = (steps: readonly Step[]): number => steps.reduce((count, each) => count + launchCount(each), 0)
  if (step.kind === 'launch') return 1
  if (step.kind === 'branch') return step.arms.reduce((count, arm) => count + sum(arm), 0)
  if (step.kind === 'repeat') return sum(step.body)
  return sum(step.test?.steps ?? []) + sum(step.body)
}

/** Units in order, those that are not asked for skipped by halves. */
function printUnits(units: readonly Unit[]): readonly string[] {
  const [first, last] = [units[0], units.at(-1)]
  if (first === undefined || last === undefined) return []
  const isAsked = op('i32.and', op('i32.gt_s', get('to'), i32(first.from)), op('i32.lt_s', get('from'), i32(last.to)))
  const half = Math.ceil(units.length / 2)
  const inner =
    units.length === 1 ? first.lines : [...printUnits(units.slice(0, half)), ...printUnits(units.slice(half))]
  return [`(if ${isAsked} (then`, ...inner, '))']
}

function lesser(a: string, b: string): string {
  return op('select', a, b, op('i32.lt_s', a, b))
}

function printSteps(steps: readonly Step[], context: ProgramContext): readonly string[] {
  return steps.flatMap((step) => {
    if (step.kind === 'launch') return [printLaunch(step.launch, context)]
    if (step.kind === 'repeat') return internalError('WebAssembly has loops of its own')
    return step.kind === 'branch' ? printBranch(step, context) : printLoop(step, context)
  })
}

function printLaunch(index: number, context: ProgramContext): string {
  const launch = launchOf(index, context)
  const scalars = launch.scalars.map((scalar) => printIndex(scalar, context.nameOf))
  const call = printCall(index, scalars, launch.isDivided, context)
  const mark = context.program.isMarked ? printMark(index, launch.isDivided) : ''
  if (!launch.isInner) return mark + call
  const ask = [
    ...scalars.map((scalar, i) => `(i32.store offset=${4 * i} ${i32(0)} ${scalar})`),
    op('call $import_divide', i32(context.program.launches.length + index)),
  ]
  return `${mark}(if ${get('asks')} (then ${ask.join(' ')}) (else ${call}))`
}

/** A launch inside of a loop or branch, for when it is asked for by itself. */
function printInner(index: number, context: ProgramContext): string {
  const scalars = launchOf(index, context).scalars.map((_, i) => `(i32.load offset=${4 * i} ${i32(0)})`)
  const isAsked = op('i32.eq', get('from'), i32(context.program.launches.length + index))
  return `(if ${isAsked} (then ${printCall(index, scalars, true, context)}))`
}

function launchOf(index: number, { program }: ProgramContext): ProgramLaunch {
  return program.launches[index] ?? internalError(`no launch ${index}`)
}

/** The call of a launch's function: of all its groups, or of those that the program was asked for. */
function printCall(index: number, scalars: readonly string[], isPart: boolean, context: ProgramContext): string {
  const { program, isDivided, dims, nameOf } = context
  const launch = launchOf(index, context)
  const scratch = slot(program.dimSlot + program.dims.length)
  const groups = printIndex(launch.groups, nameOf)
  return op(
    `call $${launch.function}`,
    ...launch.slots.map(slot),
    ...dims,
    ...scalars,
    isDivided ? op('i32.add', scratch, get('own')) : scratch,
    ...(isPart ? [get('begin'), lesser(groups, get('end'))] : [i32(0), groups]),
  )
}

function printBranch(
  { index, isBool, arms }: Extract<Step, { readonly kind: 'branch' }>,
  context: ProgramContext,
): readonly string[] {
  const printed = arms.map((arm) => printSteps(arm, context))
  if (isBool) {
    const [then = [], otherwise = []] = printed
    return [`(if ${truth(index, context)} (then`, ...then, ') (else', ...otherwise, '))']
  }
  const chosen = context.local()
  const [last = [], ...others] = [...printed].reverse()
  // from the last arm, which takes what is above too, to the first, which takes what is below
  const choose = others.reduce<readonly string[]>((rest, arm, i) => {
    const position = arms.length - 2 - i
    return [`(if ${op('i32.le_s', get(chosen), i32(position))} (then`, ...arm, ') (else', ...rest, '))']
  }, last)
  return [set(chosen, number(index, context)), ...choose]
}

function printLoop(
  { counter, count, turns, maximum, test, body }: Extract<Step, { readonly kind: 'loop' }>,
  context: ProgramContext,
): readonly string[] {
  const [symbol] = dimensions.symbolsOf(counter)
  const local = symbol === undefined ? context.local() : context.counter(symbol.name)
  const limits = [
    ...(count === undefined ? [] : [printIndex(count, context.nameOf)]),
    ...(turns === undefined ? [] : [number(turns, context)]),
    ...(maximum === undefined ? [] : [i32(maximum)]),
  ].map((value) => ({ value, name: context.local() }))
  const out = `$out.${local}`
  const again = `$again.${local}`
  return [
    ...limits.map(({ name, value }) => set(name, value)),
    set(local, i32(0)),
    `(block ${out} (loop ${again}`,
    ...limits.map(({ name }) => `(br_if ${out} ${op('i32.ge_s', get(local), get(name))})`),
    ...(test === undefined
      ? []
      : [...printSteps(test.steps, context), `(br_if ${out} (i32.eqz ${truth(test.result, context)}))`]),
    ...printSteps(body, context),
    set(local, op('i32.add', get(local), i32(1))),
    `(br ${again})))`,
  ]
}

/** A scalar i32 in a buffer. */
function number(ref: BufferRef, { program }: ProgramContext): string {
  return op('i32.load', slot(program.slotOf(ref)))
}

/** A scalar bool in a buffer. */
function truth(ref: BufferRef, { program }: ProgramContext): string {
  return op('i32.load8_u', slot(program.slotOf(ref)))
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
