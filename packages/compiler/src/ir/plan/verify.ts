// verify: plan -> nothing, or an internal error
//
// Run after scheduling in tests. Checks that references exist, that buffers are bound as WebGPU allows, that everything
// is written before it is read and every output is written, and that transients live as long as they are used.

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { internalError } from '../../base/invariant.ts'
import type { Kernel } from '../kernel/kernel.ts'
import { verifyKernel } from '../kernel/verify.ts'
import { forEachExpr, forEachStmt, valuesOf } from '../kernel/visit.ts'
import type { BufferRef, Plan, PlannedLaunch, Step } from './plan.ts'
import { printRef } from './print.ts'

type Fail = (message: string) => never

/** Throws `internal: plan …` where a plan breaks a rule of the form. */
export function verifyPlan(plan: Plan): void {
  const fail: Fail = (message) => internalError(`plan ${plan.graph.name}: ${message}`)
  for (const kernel of plan.kernels) verifyKernel(kernel)
  verifyNames(plan, fail)
  const written = new Set<string>()
  const turns = turnsOf(plan)
  plan.launches.forEach((launch, i) => {
    for (const { size, ...larger } of launch.larger ?? []) {
      verifySize(size, plan, fail)
      if (boundBy(larger) !== boundBy(launch)) fail(`launch ${i}: it is of other buffers where there is more work`)
      verifyLaunch(plan, { ...launch, ...larger }, { at: i, written: new Set(written), turns, fail })
    }
    verifyLaunch(plan, launch, { at: i, written, turns, fail })
  })
  plan.graph.outputs.forEach(({ path, value }, i) => {
    // nothing is written where there are no elements
    const isEmpty = value.type.shape.includes(0)
    if (!isEmpty && !written.has(`o${i}`)) fail(`output ${path} is never written`)
  })
}

/** The buffers that a launch binds, in some order. */
function boundBy({ bindings }: Pick<PlannedLaunch, 'bindings'>): string {
  return bindings.map(printRef).sort().join()
}

function verifyNames(plan: Plan, fail: Fail): void {
  const names = plan.kernels.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) fail(`two kernels are called ${twice}`)
  const own = plan.graph.dims.map(({ name }) => name)
  for (const { name, dims: theirs } of plan.kernels) {
    // by position: a kernel may have names of its own for them
    if (theirs.length !== own.length) fail(`${name} has dimensions ${theirs.join()}, and the program ${own.join()}`)
  }
  for (const { bytes, first, last } of plan.transients) {
    verifySize(bytes, plan, fail)
    if (!(first >= 0 && first <= last && last < plan.launches.length))
      fail(`a transient lives from ${first} to ${last}`)
  }
}

/** Returns what the loop around each launch writes: a turn reads what the one before it has written. */
function turnsOf({ steps, launches, kernels }: Plan): ReadonlyMap<number, ReadonlySet<string>> {
  const turns = new Map<number, ReadonlySet<string>>()
  const collect = (inside: readonly Step[]): readonly number[] =>
    inside.flatMap((step) => {
      if (step.kind === 'launch') return [step.launch]
      if (step.kind === 'branch') return step.arms.flatMap(collect)
      const all = [...(step.kind === 'loop' ? collect(step.test?.steps ?? []) : []), ...collect(step.body)]
      const written = new Set<string>()
      for (const at of all) {
        const launch = launches[at]
        const params = launch && kernels[launch.kernel]?.params
        launch?.bindings.forEach((ref, i) => {
          if (params?.[i]?.access !== 'read') written.add(printRef(ref))
        })
        turns.set(at, written)
      }
      return all
    })
  collect(steps)
  return turns
}

interface LaunchState {
  readonly at: number
  /** What earlier launches have written. */
  readonly written: Set<string>
  /** What the outermost loop around a launch writes. */
  readonly turns: ReadonlyMap<number, ReadonlySet<string>>
  readonly fail: Fail
}

function verifyLaunch(plan: Plan, launch: PlannedLaunch, { at, written, turns, fail }: LaunchState): void {
  const where = `launch ${at}`
  const kernel: Kernel = plan.kernels[launch.kernel] ?? fail(`${where}: no kernel ${launch.kernel}`)
  if (launch.bindings.length !== kernel.params.length)
    fail(`${where}: ${kernel.name} has ${kernel.params.length} parameters`)
  if (launch.scalars.length !== kernel.scalars) fail(`${where}: ${kernel.name} takes ${kernel.scalars} scalars`)
  for (const size of launch.groups) verifySize(size, plan, fail)
  const bound = new Set<string>()
  launch.bindings.forEach((ref, i) => {
    const name = printRef(ref)
    if (!exists(plan, ref)) fail(`${where}: no ${name}`)
    const isWritable = ref.kind === 'transient' || ref.kind === 'output'
    const access = kernel.params[i]?.access ?? 'read'
    if (access !== 'read' && !isWritable) fail(`${where}: ${name} is written`)
    if (isWritable && bound.has(name)) fail(`${where}: ${name} is bound twice`)
    bound.add(name)
    const isRead = access === 'read' || (access === 'readWrite' && readsFirst(kernel, kernel.params[i]?.name ?? ''))
    const isWritten = written.has(name) || turns.get(at)?.has(name) === true
    if (isWritable && isRead && !isWritten) fail(`${where}: ${name} is read before it is written`)
    const life = ref.kind === 'transient' ? plan.transients[ref.index] : undefined
    if (life !== undefined && (at < life.first || at > life.last)) fail(`${where}: ${name} does not live here`)
  })
  launch.bindings.forEach((ref, i) => {
    if (kernel.params[i]?.access !== 'read') written.add(printRef(ref))
  })
}

/** Whether a kernel loads from a parameter before it stores to it: one that holds control flow may first fill it. */
function readsFirst({ body }: Kernel, param: string): boolean {
  let first: boolean | undefined
  forEachStmt(body, (stmt) => {
    forEachExpr(valuesOf(stmt), (expr) => {
      if (expr.kind === 'load' && expr.param === param) first ??= true
    })
    if (stmt.kind === 'store' && stmt.param === param) first ??= false
  })
  return first ?? false
}

function exists(plan: Plan, { kind, index }: BufferRef): boolean {
  const { graph } = plan
  const counts = {
    input: graph.inputs.length,
    output: graph.outputs.length,
    weight: graph.weights.length,
    constant: plan.constants.length,
    transient: plan.transients.length,
  }
  return Number.isInteger(index) && index >= 0 && index < counts[kind]
}

function verifySize(size: Dim, plan: Plan, fail: Fail): void {
  const known = new Set(plan.graph.dims.map(({ name }) => name))
  const stranger = dims.symbolsOf(size).find(({ name }) => !known.has(name))
  if (stranger !== undefined) fail(`${stranger.name} is no dimension of the program`)
}
