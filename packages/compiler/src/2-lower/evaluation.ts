// evaluation: the state of one lowering
//
// Everything that the evaluator's parts share: where it is in the source, what it records into, and the entry points by
// which the parts call one another (so that no file imports its own caller).

import type { Expression, Node, PatternLike, Statement } from '@babel/types'
import type { Span } from '../base/span.ts'
import type { Related } from '../diagnostics/diagnostic.ts'
import type { Reporter } from '../diagnostics/reporter.ts'
import type { HostCall, Origin } from '../ir/graph/graph.ts'
import type { SourceModule, SourceProgram } from '../ir/source.ts'
import type { Size } from './dim-arithmetic.ts'
import type { Checks } from './checks.ts'
import type { Recorder } from './recorder.ts'
import type { Mistake } from './mistake.ts'
import type { ParsedTemplate, WeightDeclaration } from '@tsjit/dsl/compiler'
import type { Binding, Closure, GraphTensor, LayerValue, Scope, Value } from './value.ts'

/** How a statement ended, where it did not simply end. */
export type Completion = undefined | 'break' | 'continue' | { readonly kind: 'return'; readonly value: Value }

/** A call that is being evaluated. */
export interface Frame {
  readonly closure: Closure
  /** Where it is called; undefined for the forward function of a model. */
  readonly site: Span | undefined
  /** This call and those around it, innermost first. */
  readonly calls: readonly Span[]
  /** Whether it may have returned behind a condition that could not be decided. */
  mayReturn: boolean
}

/** A loop that is being unrolled. */
export interface Loop {
  /** Its head as written. */
  readonly text: string
  readonly span: Span
  /** What decides whether it goes on. */
  readonly test: Node | undefined
  turns: number
}

/** A dimension as declared, for bounds that conflict. */
export interface DimDeclaration {
  readonly name: string
  readonly min: number
  readonly max: number
  readonly multipleOf: number
  readonly span: Span
}

/** A comparison of sizes that is open while compiling. */
export interface Comparison {
  readonly left: Size
  readonly relation: '==' | '!=' | '<' | '<=' | '>' | '>='
  readonly right: Size
}

/** The model that is being lowered. */
export interface ModelState {
  /** The tensors of its declared weights. */
  readonly weights: ReadonlyMap<WeightDeclaration, GraphTensor>
  /** What the forward of a layer receives for its tree. */
  readonly received: Map<LayerValue, Value>
  readonly calledLayers: Set<LayerValue>
  /** Calls of the host so far, in order. */
  readonly hostCalls: HostCall[]
  /** What is assigned so far, in order: the last one counts. */
  readonly updates: Map<WeightDeclaration, readonly Assignment[]>
}

/** An `assign` that was met. */
export interface Assignment {
  readonly value: GraphTensor
  readonly origin: Origin
}

/** One lowering. */
export interface Evaluation {
  readonly training: boolean
  /** Whether `check` and `print` stay. */
  readonly isChecked: boolean
  readonly program: SourceProgram
  /** Files of packages: a mistake found in one is shown at the user's call. */
  readonly libraries: ReadonlySet<string>
  readonly dims: DimDeclaration[]
  /** Where declarations were made. */
  readonly origins: WeakMap<object, Origin>
  /** Arrays that a loop goes over at this moment. */
  readonly iterated: Map<object, number>
  /** Objects whose properties are all known, by what they are called: reading another one is an error. */
  readonly sealed: WeakMap<object, string>
  /** Arrays that are shapes: their first sizes may be taken without the rest. */
  readonly shapes: WeakSet<object>
  /** Tensors of optional inputs, in the programs that have them. */
  readonly optional: WeakSet<GraphTensor>
  /** What was compared, for truth values that are computed at the call. */
  readonly comparisons: WeakMap<GraphTensor, Comparison>
  /** Templates that are parsed already. */
  readonly templates: WeakMap<Node, ParsedTemplate>
  /** What the closures of combinators that are being called reach outside themselves, innermost last. */
  readonly captured: ReadonlySet<object>[]
  readonly loops: Loop[]
  /** What `check` and `print` leave behind; undefined where they are left out. */
  checks: Checks | undefined
  readonly parts: Parts
  /** Where what is wrong goes. */
  reporter: Reporter
  recorder: Recorder
  /** Where the optional inputs are declared that the program at hand lacks. */
  absent: readonly Related[]
  /** The model being lowered. */
  model: ModelState | undefined
  module: SourceModule
  frames: readonly Frame[]
  /** The calls at which the stack was used up. */
  deepest: readonly Frame[] | undefined
  /** Greater than 0 in code that may never run, after a condition that could not be decided. */
  guesses: number
}

/** The evaluator's entry points. */
export interface Parts {
  /** Evaluates an expression; reports an operator on tensors. */
  evaluate(node: Expression, scope: Scope): Value
  /** Evaluates an operand: an operator on tensors is given back for the operator around it. */
  operand(node: Expression, scope: Scope): Value | Mistake
  execute(body: readonly Statement[], scope: Scope): Completion
  /** Calls any value; reports one that cannot be called. */
  call(callee: Value, args: readonly Value[], site: Node, argNodes?: readonly Node[]): Value
  /** Binds the names of a pattern. */
  bind(pattern: PatternLike, value: Value, kind: Binding['kind'], scope: Scope): void
  /** Reads a property as `object.name` does. */
  read(object: Value, name: string, node: Node, text: string): Value
}

/** Thrown to give up on a model (unrolling without end); what is wrong has been reported. */
export class Abandon extends Error {}

/** Returns the place of a node in the module at hand. */
export function spanOf(evaluation: Evaluation, node: Node): Span {
  return { file: evaluation.module.file, start: node.start ?? 0, end: node.end ?? 0 }
}

/** Returns the text of a node of the module at hand. */
export function textOf(evaluation: Evaluation, node: Node): string {
  return evaluation.module.text.slice(node.start ?? 0, node.end ?? 0)
}

/** Returns where something made at this moment comes from. */
export function originAt(evaluation: Evaluation, span: Span): Origin {
  return { span, calls: callSites(evaluation) }
}

/** Returns the calls that led here, innermost first. */
export function callSites(evaluation: Evaluation): readonly Span[] {
  return evaluation.frames.at(-1)?.calls ?? []
}

/** Returns the first place of an origin that the user wrote, from the inside out. */
export function userSpan(evaluation: Evaluation, origin: Origin): Span {
  const places = [origin.span, ...origin.calls]
  return places.find((place) => !evaluation.libraries.has(place.file)) ?? origin.span
}
