// compile: text -> module
//
// The pipeline, and the only file that sees every step of it. User errors stop it at one named place; limits of a
// target at another.

import { parseProgram } from './1-parse/parse.ts'
import { lowerProgram } from './2-lower/lower.ts'
import { optimize } from './3-optimize/optimize.ts'
import { checkLimits } from './4-schedule/check-limits.ts'
import { schedule } from './4-schedule/schedule.ts'
import { type CodegenRow, codegen } from './5-codegen/codegen.ts'
import { type EmittedModel, type EmittedProgram, emitModule } from './6-emit/emit-module.ts'
import type { SourceMapData } from './6-emit/assemble.ts'
import { emitTypes } from './6-emit/emit-types.ts'
import { invariant } from './base/invariant.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import type { SourceTexts } from './diagnostics/render.ts'
import { createReporter } from './diagnostics/reporter.ts'
import { type ModelExplanation, explainModel } from './explain.ts'
import type { Graph } from './ir/graph/graph.ts'
import { verifyGraph } from './ir/graph/verify.ts'
import { verifyKernel } from './ir/kernel/verify.ts'
import { variantsOf } from './ir/plan/variants.ts'
import { verifyPlan } from './ir/plan/verify.ts'
import type { SourceHost, SourceProgram } from './ir/source.ts'

/** What to compile, and for what. */
export interface CompileOptions {
  /** Absolute path of the module. */
  readonly file: string
  readonly text: string
  /** Finds and reads other modules. */
  readonly host: SourceHost
  readonly target?: 'webgpu'
  /** Names in kernels: readable ones in development, short ones in production. */
  readonly names?: 'readable' | 'minified'
  /** The modes that the app uses; default: eval only. */
  readonly modes?: readonly ('eval' | 'train')[]
  /** The specifier of the eager form of this module, where the app wants `target: 'eager'`. */
  readonly eager?: string
  /** Check every data form after every step: for the compiler's own tests. */
  readonly verify?: boolean
}

/** What compiling gives. */
export interface CompileResult {
  /** The module for the app; empty where there are errors. */
  readonly code: string
  readonly map: SourceMapData | null
  /** The declaration file of the module. */
  readonly types: string
  /** Files that the result depends on. */
  readonly dependencies: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
  /** The texts that diagnostics point into. */
  readonly sources: SourceTexts
  readonly explain: readonly ModelExplanation[]
}

/** Compiles one module and everything that it reaches. Mistakes of the user are diagnostics, never exceptions. */
export async function compile(options: CompileOptions): Promise<CompileResult> {
  const { file, text, host } = options
  const target = codegen[options.target ?? 'webgpu']
  const names = options.names ?? 'readable'
  const report = createReporter()
  const program = await parseProgram(file, text, host, report)
  const sources = sourcesOf(program, file, text)
  const failed = { code: '', map: null, types: '', dependencies: [...sources.keys()], sources, explain: [] }
  if (program === undefined) return { ...failed, diagnostics: report.diagnostics }

  const modes = options.modes ?? ['eval']
  const lowered = modes.map((mode) => ({ mode, module: lowerProgram(program, { training: mode === 'train' }, report) }))
  if (report.hasErrors) return { ...failed, diagnostics: report.diagnostics } // where the user's mistakes stop it

  for (const { module } of lowered) for (const graph of module.graphs) checkLimits(graph, target.limits, report)
  if (report.hasErrors) return { ...failed, diagnostics: report.diagnostics } // where limits of the target stop it

  const compiled = lowered.map(({ mode, module }) => ({
    mode,
    programs: module.graphs.map((graph) => compileGraph(graph, { ...options, target, names })),
  }))
  const [first] = lowered
  invariant(first !== undefined, 'a module is compiled for at least one mode')
  const models = first.module.graphs.map((graph, i) => modelOf(graph.name, i, compiled))
  const content = { source: program.entry, models, data: first.module.data, exportSpans: first.module.exportSpans }
  const eager = options.eager === undefined ? {} : { eager: options.eager }
  const emitted = emitModule(content, { names, ...eager })
  return {
    ...failed,
    code: emitted.code,
    map: emitted.map,
    types: emitTypes(content),
    diagnostics: report.diagnostics,
    explain: (compiled[0]?.programs ?? []).map(({ plan, kernels }) =>
      explainModel(
        plan.graph,
        plan,
        kernels.map((k) => k.code),
      ),
    ),
  }
}

function compileGraph(
  graph: Graph,
  {
    target,
    names,
    verify,
  }: { readonly target: CodegenRow; readonly names: 'readable' | 'minified'; readonly verify?: boolean },
): EmittedProgram {
  const isVerified = verify ?? false
  const optimized = optimize(graph, (pass, after) => {
    if (isVerified) verifyGraph(after, `after ${pass}`)
  })
  const plan = schedule(optimized, { buffers: target.limits.params })
  if (isVerified) {
    plan.kernels.forEach(verifyKernel)
    verifyPlan(plan)
  }
  const { variants } = variantsOf(plan)
  return { plan, kernels: variants.map(({ kernel, access }) => target.print(kernel, { names, access })) }
}

function modelOf(
  name: string,
  index: number,
  compiled: readonly { readonly mode: 'eval' | 'train'; readonly programs: readonly EmittedProgram[] }[],
): EmittedModel {
  const inMode = (mode: 'eval' | 'train'): EmittedProgram | undefined =>
    compiled.find((c) => c.mode === mode)?.programs[index]
  const own = inMode('eval') ?? inMode('train')
  const train = inMode('train')
  invariant(own !== undefined, `${name} is compiled in some mode`)
  return { name, eval: own, ...(train === undefined ? {} : { train }) }
}

function sourcesOf(program: SourceProgram | undefined, file: string, text: string): ReadonlyMap<string, string> {
  return new Map([[file, text], ...[...(program?.modules ?? [])].map(([id, module]) => [id, module.text] as const)])
}
