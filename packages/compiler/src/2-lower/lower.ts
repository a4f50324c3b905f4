// lower: source program -> graphs
//
// Evaluates the modules, then the forward function of each exported model on tensors of a graph. Every mistake is
// reported; a model with one has no graph, or one that is not used.

import type { Reporter } from '../diagnostics/reporter.ts'
import type { Span } from '../base/span.ts'
import type { Graph } from '../ir/graph/graph.ts'
import type { SourceProgram } from '../ir/source.ts'
import { checkSource } from './check-source.ts'
import type { Evaluation } from './evaluation.ts'
import { evaluate, operand } from './expressions.ts'
import { callValue } from './functions.ts'
import { createGlobalScope } from './globals.ts'
import { giveUp } from './loops.ts'
import { lowerModel } from './lower-model.ts'
import { readProperty } from './members.ts'
import { evaluateModules } from './modules.ts'
import { bindPattern } from './patterns.ts'
import { MAX_OPS, Recorder } from './recorder.ts'
import { execute } from './statements.ts'
import { dataOf, type StaticData } from './static-data.ts'
import { ModelValue, Poison, type Scope } from './value.ts'

/** How to lower. */
export interface LowerOptions {
  /** Whether `isTraining()` is true. */
  readonly training?: boolean
  /** Whether `check` and `print` stay: in development. */
  readonly checks?: boolean
}

/** What a module becomes. */
export interface LoweredModule {
  /**
   * Of each exported model in the order of the text, its name that of the export: one that takes all inputs, then one
   * for each combination of optional inputs that may be absent.
   */
  readonly graphs: readonly Graph[]
  /** Exported numbers, strings and plain data, which the app may import. */
  readonly data: ReadonlyMap<string, StaticData>
  /** Exported functions and layers, which are for other `.tsjit` modules only. */
  readonly dropped: readonly string[]
  /** Where each name is exported. */
  readonly exportSpans: ReadonlyMap<string, Span>
}

/** Lowers a program. What is wrong is reported; graphs are complete only where nothing was. */
export function lowerProgram(program: SourceProgram, options: LowerOptions, reporter: Reporter): LoweredModule {
  const evaluation = createEvaluation(program, options, reporter)
  const globals = createGlobalScope(evaluation)
  for (const module of program.modules.values()) {
    evaluation.module = module
    if (!evaluation.libraries.has(module.file)) checkSource(evaluation, module, globals)
  }
  const exports = evaluateModules(evaluation, globals).get(program.entry.file) ?? new Map()
  evaluation.module = program.entry
  const shared = evaluation.recorder
  const graphs: Graph[] = []
  const data = new Map<string, StaticData>()
  const dropped: string[] = []
  for (const [name, { value }] of exports) {
    if (value instanceof ModelValue) {
      graphs.push(...lowerModel(evaluation, value, shared, name))
      continue
    }
    const plain = dataOf(value)
    if (plain !== undefined) data.set(name, plain.data)
    else if (!(value instanceof Poison)) dropped.push(name)
  }
  const exportSpans = new Map([...exports].map(([name, { span }]) => [name, span]))
  return { graphs, data, dropped, exportSpans }
}

function createEvaluation(program: SourceProgram, options: LowerOptions, reporter: Reporter): Evaluation {
  const { training = false, checks: isChecked = false } = options
  const origin = { span: { file: program.entry.file, start: 0, end: 0 }, calls: [] }
  const evaluation: Evaluation = {
    reporter,
    training,
    program,
    libraries: librariesOf(program),
    dims: [],
    origins: new WeakMap(),
    iterated: new Map(),
    sealed: new WeakMap(),
    shapes: new WeakSet(),
    optional: new WeakSet(),
    comparisons: new WeakMap(),
    absent: [],
    templates: new WeakMap(),
    captured: [],
    loops: [],
    isChecked,
    checks: undefined,
    parts: {
      evaluate: (node, scope) => evaluate(evaluation, node, scope),
      operand: (node, scope) => operand(evaluation, node, scope),
      execute: (body, scope) => execute(evaluation, body, scope),
      call: (callee, args, site, argNodes) => callValue(evaluation, callee, args, site, argNodes),
      bind: (pattern, value, kind, scope: Scope) => bindPattern(evaluation, pattern, value, kind, scope),
      read: (object, name, node, text) => readProperty(evaluation, object, name, node, text),
    },
    recorder: new Recorder(training, origin, () => giveUp(evaluation, MAX_OPS)),
    model: undefined,
    module: program.entry,
    frames: [],
    deepest: undefined,
    guesses: 0,
  }
  return evaluation
}

/** Returns the files that are reached through packages only in the sense that a package's name led to them. */
function librariesOf({ entry, modules }: SourceProgram): ReadonlySet<string> {
  const libraries = new Set<string>()
  const visit = (file: string, isLibrary: boolean): void => {
    if (isLibrary && libraries.has(file)) return
    if (isLibrary) libraries.add(file)
    for (const { specifier, target } of modules.get(file)?.imports ?? [])
      if (target.kind === 'module') visit(target.file, isLibrary || !specifier.startsWith('.'))
  }
  visit(entry.file, false)
  return libraries
}
