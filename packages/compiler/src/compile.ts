// compile: text -> module
//
// The pipeline, and the only file that sees every step of it. User errors stop it at one named place; limits of a
// target at another.

import { parseProgram } from './1-parse/parse.ts'
import { lowerProgram } from './2-lower/lower.ts'
import { optimize } from './3-optimize/optimize.ts'
import { checkLimits } from './4-schedule/check-limits.ts'
import { schedule } from './4-schedule/schedule.ts'
import { type CodegenRow, type CodegenTarget, type KernelRow, type ModuleRow, codegen } from './5-codegen/codegen.ts'
import type { CFile } from './6-emit/c/emit-c.ts'
import { type EmittedModel, type EmittedProgram, emitModule } from './6-emit/emit-module.ts'
import type { SourceMapData } from './6-emit/assemble.ts'
import { mergeTables } from './6-emit/merge-tables.ts'
import { emitTypes } from './6-emit/emit-types.ts'
import { invariant } from './base/invariant.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import type { SourceTexts } from './diagnostics/render.ts'
import { createReporter } from './diagnostics/reporter.ts'
import { type CExport, exportC } from './export-c.ts'
import { type ModelExplanation, explainModel } from './explain.ts'
import type { Graph } from './ir/graph/graph.ts'
import { verifyGraph } from './ir/graph/verify.ts'
import { verifyKernel } from './ir/kernel/verify.ts'
import type { Plan } from './ir/plan/plan.ts'
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
  /** What it runs on; default: WebGPU. */
  readonly target?: CodegenTarget
  /** Names in kernels: readable ones in development, short ones in production. */
  readonly names?: 'readable' | 'minified'
  /** Whether `print` and `check` stay in: for development. Default: false, nothing of them is left. */
  readonly checks?: boolean
  /** The modes that the app uses; default: eval only. */
  readonly modes?: readonly ('eval' | 'train')[]
  /** The specifiers of this module's forms for other targets, fetched when an app asks for them or has to. */
  readonly others?: Readonly<Partial<Record<'eager' | 'wasm' | 'webgpu', string>>>
  /** For C: whether another file has the weights, as `emitWeights` writes it. Default: they are read when a model is opened. */
  readonly embedded?: boolean
  /** Check every data form after every step: for the compiler's own tests. */
  readonly verify?: boolean
}

/** What compiling gives. */
export interface CompileResult {
  /** The module for the app; empty where there are errors. */
  readonly code: string
  readonly map: SourceMapData | null
  /** Binary files that the code names by placeholders, each to be replaced by an expression for its bytes or URL. */
  readonly assets: readonly Asset[]
  /** For C: a header and a source, in the place of `code`. */
  readonly files: readonly CFile[]
  /** For C: the weights of each model. */
  readonly weights: CExport['weights']
  /** The declaration file of the module. */
  readonly types: string
  /** Files that the result depends on. */
  readonly dependencies: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
  /** The texts that diagnostics point into. */
  readonly sources: SourceTexts
  readonly explain: readonly ModelExplanation[]
}

/** A file that the code needs. */
export interface Asset {
  /** A name to give it: `digits.relaxed.wasm`. */
  readonly name: string
  /** Stands in the code where an expression has to: a `URL`, its text, or a `Uint8Array` of the bytes. */
  readonly placeholder: string
  readonly bytes: Uint8Array
}

/** Compiles one module and everything that it reaches. Mistakes of the user are diagnostics, never exceptions. */
export async function compile(options: CompileOptions): Promise<CompileResult> {
  const { file, text, host } = options
  const target: CodegenRow = codegen[options.target ?? 'webgpu']
  const names = options.names ?? 'readable'
  const report = createReporter()
  const program = await parseProgram(file, text, host, report)
  const sources = sourcesOf(program, file, text)
  const failed = {
    code: '',
    map: null,
    types: '',
    assets: [],
    files: [],
    weights: [],
    dependencies: [...sources.keys()],
    sources,
    explain: [],
  }
  if (program === undefined) return { ...failed, diagnostics: report.diagnostics }

  // evaluation first, as the module has them
  const modes = [...(options.modes ?? (['eval'] as const))].sort()
  const lowered = modes.map((mode) => ({
    mode,
    module: lowerProgram(
      program,
      { training: mode === 'train', checks: (options.checks ?? false) && !('printLibrary' in target) },
      report,
    ),
  }))
  if (report.hasErrors) return { ...failed, diagnostics: report.diagnostics } // where the user's mistakes stop it

  for (const { module } of lowered) for (const graph of module.graphs) checkLimits(graph, target.limits, report)
  if (report.hasErrors) return { ...failed, diagnostics: report.diagnostics } // where limits of the target stop it

  const planned = lowered.map(({ mode, module }) => ({
    mode,
    plans: module.graphs.map((graph) => planGraph(graph, target, options.verify ?? false)),
  }))
  const [first] = lowered
  invariant(first !== undefined, 'a module is compiled for at least one mode')
  if ('printLibrary' in target) {
    const name = nameOfFile(file)
    const exported = exportC(planned, target, { name, isEmbedded: options.embedded ?? false })
    return { ...failed, ...exported, diagnostics: report.diagnostics }
  }
  const printed = await printPlans(planned, target, { names, file })
  const models = namesOf(first.module.graphs).map((name) => modelOf(name, printed.compiled))
  const content = {
    source: program.entry,
    models,
    data: first.module.data,
    exportSpans: first.module.exportSpans,
    texts: sources,
  }
  const { others = {} } = options
  const [baseline, relaxed] = printed.assets.map((asset) => asset.placeholder)
  const module = baseline === undefined || relaxed === undefined ? {} : { module: { baseline, relaxed } }
  const emitted = emitModule(content, { names, others, ...module })
  return {
    ...failed,
    code: emitted.code,
    map: emitted.map,
    assets: printed.assets,
    types: emitTypes(content),
    diagnostics: report.diagnostics,
    explain: models.map(({ eval: { plan }, without }) =>
      explainModel(
        plan.graph,
        plan,
        printed.codeBytes.get(plan) ?? 0,
        (without?.eval ?? []).map((other) => other.plan),
      ),
    ),
  }
}

function planGraph(graph: Graph, target: CodegenRow, isVerified: boolean): Plan {
  const optimized = optimize(graph, (pass, after) => {
    if (isVerified) verifyGraph(after, `after ${pass}`)
  })
  const plan = schedule(optimized, { buffers: target.limits.params, machine: target.machine })
  if (isVerified) {
    plan.kernels.forEach(verifyKernel)
    verifyPlan(plan)
  }
  return plan
}

type Mode = 'eval' | 'train'

interface Printed {
  readonly compiled: readonly { readonly mode: Mode; readonly programs: readonly EmittedProgram[] }[]
  readonly assets: readonly Asset[]
  /** Of the code of each program. */
  readonly codeBytes: ReadonlyMap<Plan, number>
}

/** Prints all plans: as texts of their kernels, or as one binary module. */
async function printPlans(
  planned: readonly { readonly mode: Mode; readonly plans: readonly Plan[] }[],
  target: KernelRow | ModuleRow,
  { names, file }: { readonly names: 'readable' | 'minified'; readonly file: string },
): Promise<Printed> {
  if ('print' in target) {
    const compiled = planned.map(({ mode, plans }) => ({
      mode,
      programs: plans.map((plan) => {
        const { variants } = variantsOf(plan)
        return { plan, kernels: variants.map(({ kernel, access }) => target.print(kernel, { names, access })) }
      }),
    }))
    const bytes = (text: string): number => new TextEncoder().encode(text).length
    const codeBytes = compiled.flatMap(({ programs }) =>
      programs.map(({ plan, kernels }) => [plan, kernels.reduce((n, k) => n + bytes(k.code), 0)] as const),
    )
    return { compiled, assets: [], codeBytes: new Map(codeBytes) }
  }
  const all = planned.flatMap(({ plans }) => plans)
  const placed = namesOf(all.map(({ graph }) => graph)).flatMap((name) => {
    const plans = all.filter(({ graph }) => graph.name === name)
    const { weightsOf, constantsOf, weightCount, constantCount } = mergeTables(plans)
    return plans.map((plan, i) => ({
      plan,
      weights: weightsOf[i] ?? [],
      constants: constantsOf[i] ?? [],
      weightCount,
      constantCount,
    }))
  })
  const { programs, baseline, relaxed } = await target.printModule(placed)
  const byPlan = new Map(placed.map(({ plan }, i) => [plan, programs[i]]))
  const compiled = planned.map(({ mode, plans }) => ({
    mode,
    programs: plans.map((plan) => {
      const wasm = byPlan.get(plan)
      invariant(wasm !== undefined, 'every plan is in the module')
      return { plan, kernels: [], wasm }
    }),
  }))
  const name = nameOfFile(file)
  const assets = [
    { name: `${name}.wasm`, placeholder: '__TSJIT_WASM__', bytes: baseline },
    { name: `${name}.relaxed.wasm`, placeholder: '__TSJIT_WASM_RELAXED__', bytes: relaxed },
  ]
  return {
    compiled,
    assets: placed.length === 0 ? [] : assets,
    codeBytes: new Map(all.map((plan) => [plan, baseline.length])),
  }
}

function nameOfFile(file: string): string {
  return /([^/\\]+?)(?:\.tsjit)?(?:\.ts)?$/.exec(file)?.[1] ?? 'model'
}

function namesOf(graphs: readonly Graph[]): readonly string[] {
  return [...new Set(graphs.map(({ name }) => name))]
}

function modelOf(name: string, compiled: Printed['compiled']): EmittedModel {
  const inMode = (mode: Mode): readonly EmittedProgram[] =>
    compiled.find((c) => c.mode === mode)?.programs.filter(({ plan }) => plan.graph.name === name) ?? []
  const [train, ...trainWithout] = inMode('train')
  const [own, ...evalWithout] = inMode(compiled.some((c) => c.mode === 'eval') ? 'eval' : 'train')
  invariant(own !== undefined, `${name} is compiled in some mode`)
  const without = { eval: evalWithout, train: trainWithout }
  return { name, eval: own, ...(train === undefined ? {} : { train }), without }
}

function sourcesOf(program: SourceProgram | undefined, file: string, text: string): ReadonlyMap<string, string> {
  return new Map([[file, text], ...[...(program?.modules ?? [])].map(([id, module]) => [id, module.text] as const)])
}
