// combinators: control flow that is decided on the device, by name
//
// Each is defined once, on closures and structures, for both builders (machine.ts).

import { bindArguments } from '../operations/bind.ts'
import { isOptions } from '../operations/bind.ts'
import type { BoundArguments, Param } from '../operations/signature.ts'
import { refuse } from '../types/errors.ts'
import { associativeParams, associativeScan } from './associative-scan.ts'
import { cond, condParams, select, selectParams } from './branches.ts'
import { forLoop, forParams, whileLoop, whileParams } from './loops.ts'
import type { ControlMachine } from './machine.ts'
import { scan, scanParams } from './scan.ts'
import { vmap, vmapParams } from './vmap.ts'

/** A combinator: its parameters in order, and its meaning. */
export interface Combinator {
  readonly params: readonly Param[]
  readonly define: (m: ControlMachine, args: BoundArguments) => unknown
}

/** The names of the combinators. */
export type CombinatorName = 'cond' | 'select' | 'whileLoop' | 'forLoop' | 'scan' | 'vmap' | 'associativeScan'

/** Every combinator by name. */
export const combinators: { readonly [N in CombinatorName]: Combinator } = {
  cond: { params: condParams, define: cond },
  select: { params: selectParams, define: select },
  whileLoop: { params: whileParams, define: whileLoop },
  forLoop: { params: forParams, define: forLoop },
  scan: { params: scanParams, define: scan },
  vmap: { params: vmapParams, define: vmap },
  associativeScan: { params: associativeParams, define: associativeScan },
}

/** The names of all combinators. */
export const COMBINATOR_NAMES: readonly CombinatorName[] = [
  'cond',
  'select',
  'whileLoop',
  'forLoop',
  'scan',
  'vmap',
  'associativeScan',
]

/** Carries out a combinator on arguments as written. Throws OperationError. */
export function applyCombinator(m: ControlMachine, name: CombinatorName, args: readonly unknown[]): unknown {
  const { params, define } = combinators[name]
  return define(m, bindArguments({ name, params }, separated(name, params, args)))
}

/** A structure at the end is an argument and no options, as long as arguments are missing. */
function separated(name: CombinatorName, params: readonly Param[], args: readonly unknown[]): readonly unknown[] {
  const places = params.findLastIndex(({ kind }) => kind === 'function' || kind === 'functions')
  if (args.length > places) return args
  const missing = params[args.length] ?? params[places]
  if (missing !== undefined && isOptions(args.at(-1)))
    refuse('source_missing_argument', { callee: name, name: missing.name }, { argument: missing.name })
  return args
}
