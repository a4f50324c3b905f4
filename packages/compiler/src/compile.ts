// compile: text -> module
//
// The pipeline, and the only file that sees every step of it. User errors stop it at one named place; limits of a
// target at another.

import { parseProgram } from './1-parse/parse.ts'
import { type LoweredModule, lowerProgram } from './2-lower/lower.ts'
import { cutAtHost } from './3-optimize/cut-host.ts'
import { optimize } from './3-optimize/optimize.ts'
import { checkLimits } from './4-schedule/check-limits.ts'
import type { MachineName } from './4-schedule/machine.ts'
import { schedule } from './4-schedule/schedule.ts'
import { type CodegenRow, type CodegenTarget, codegen } from './5-codegen/codegen.ts'
import type { CFile } from './6-emit/c/emit-c.ts'
import type { PtxArchitecture } from './5-codegen/ptx/print-ptx.ts'
import { type EmittedModel, type EmittedProgram, emitModule } from './6-emit/emit-module.ts'
import type { SourceMapData } from './6-emit/assemble.ts'
import { emitTypes } from './6-emit/emit-types.ts'
import { invariant } from './base/invariant.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import type { SourceTexts } from './diagnostics/render.ts'
import { type Reporter, createReporter } from './diagnostics/reporter.ts'
import { type CExport, type ExportDevice, type PlannedModes, exportC, exportRows } from './export-c.ts'
import { type ModelExplanation, explainModel } from './explain.ts'
import type { Graph } from './ir/graph/graph.ts'
import { verifyGraph } from './ir/graph/verify.ts'
import { verifyKernel } from './ir/kernel/verify.ts'
import type { Plan } from './ir/plan/plan.ts'
import type { PrintedModule, PtxVariant } from './ir/plan/printed-program.ts'
import { type Asset, type Mode, type PrintOptions, type Printed, printPlans } from './print-plans.ts'
import { verifyPlan } from './ir/plan/verify.ts'
import type { SourceHost, SourceProgram } from './ir/source.ts'

/** What to compile, and for what. */
export interface CompileOptions {
  /** Absolute path of the module. */
  readonly file: string
  readonly text: string
  /** Finds and reads other modules. */
  readonly host: SourceHost
  /** What it runs on; default: WebGPU. For `c` the result is a header and a source instead of a module. */
  readonly target?: CodegenTarget | 'c'
  /** For C: what the exported program runs on. Default: cpu. */
  readonly device?: ExportDevice
  /** For C: whether another file has the weights, as `emitWeights` writes it. Default: they are read at open. */
  readonly embedded?: boolean
  /** Names in kernels: readable ones in development, short ones in production. */
  readonly names?: 'readable' | 'minified'
  /** Whether `print` and `check` stay in: for development. Default: false, nothing of them is left. */
  readonly checks?: boolean
  /** Whether instances can be profiled: for development. Default: false, `profile` rejects. */
  readonly profile?: boolean
  /** The modes that the app uses; default: eval only. */
  readonly modes?: readonly ('eval' | 'train')[]
  /** The specifiers of this module's forms for other targets, fetched when an app asks for them or has to. */
  readonly others?: Readonly<Partial<Record<'eager' | CodegenTarget, string>>>
  /**
   * For CUDA: the architectures (`sm_90`) that the code is to name machine code for, and `sm_90a` for PTX of Hopper's own
   * beside what all devices take. Default: none.
   */
  readonly architectures?: readonly string[]
  /** For CUDA: products of f32 may round their factors to tf32, ten bits of mantissa. Default: false, f32 stays f32. */
  readonly tf32?: boolean
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
  /** For CUDA: what its assembler takes; absent where no model is exported. */
  readonly cuda?: CudaResult
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

/** The kernels of a file for CUDA. */
export interface CudaResult {
  readonly ptx: string
  /** PTX for one architecture alone, where it differs. */
  readonly variants: readonly PtxVariant[]
  /** Assets that the host adds: the PTX as machine code of each architecture that was asked for. */
  readonly cubins: readonly (Omit<Asset, 'bytes'> & { readonly architecture: string })[]
}

/** Compiles one module and everything that it reaches. Mistakes of the user are diagnostics, never exceptions. */
export async function compile(options: CompileOptions): Promise<CompileResult> {
  const { file, text, host } = options
  const isExport = options.target === 'c'
  const target = isExport ? exportRows[options.device ?? 'cpu'] : codegen[options.target ?? 'webgpu']
  const report = createReporter()
  const program = await parseProgram(file, text, host, report)
  const sources = sourcesOf(program, file, text)
  const failed = { ...nothing, dependencies: [...sources.keys()], sources }
  if (program === undefined) return { ...failed, diagnostics: report.diagnostics }

  // evaluation first, as the module has them
  const modes = [...(options.modes ?? (['eval'] as const))].sort()
  const lowered = modes.map((mode) => ({
    mode,
    module: lowerProgram(program, { training: mode === 'train', checks: options.checks === true && !isExport }, report),
  }))
  if (report.hasErrors) return { ...failed, diagnostics: report.diagnostics } // where the user's mistakes stop it

  for (const { module } of lowered) for (const graph of module.graphs) checkLimits(graph, target.limits, report)
  if (isExport) for (const { module } of lowered) module.graphs.forEach((graph) => refuseHostCalls(graph, report))
  if (report.hasErrors) return { ...failed, diagnostics: report.diagnostics } // where limits of the target stop it

  const planFor = (machine: MachineName): PlannedModes =>
    lowered.map(({ mode, module }) => ({
      mode,
      plans: module.graphs.map((graph) => planGraph(graph, { ...target, machine }, options.verify ?? false)),
    }))
  const planned = planFor(machineOf(target, options))
  if (options.target === 'c') {
    const { device = 'cpu', embedded: isEmbedded = false } = options
    const exported = await exportC(planned, { name: nameOfFile(file), device, isEmbedded })
    return { ...failed, ...exported, diagnostics: report.diagnostics }
  }
  const row: CodegenRow = codegen[options.target ?? 'webgpu']
  const variants = (options.target === 'cuda' ? (options.architectures ?? []) : [])
    .filter(hasOwnPtx)
    .map((architecture) => ({ architecture, planned: planFor(machineOf(target, options, architecture)) }))
  return {
    ...failed,
    ...(await emitPlans({ planned, variants, lowered, program, sources }, row, options)),
    diagnostics: report.diagnostics,
  }
}

function refuseHostCalls({ hostCalls = [] }: Graph, report: Reporter): void {
  for (const { origin } of hostCalls)
    report.report('target_unsupported', origin.span, { target: 'c', what: 'a function of the app' })
}

/** What there is where something is wrong. */
const nothing = { code: '', map: null, types: '', assets: [], files: [], weights: [], explain: [] }

interface Compiled {
  readonly planned: PlannedModes
  readonly variants: PrintOptions['variants']
  readonly lowered: readonly { readonly module: LoweredModule }[]
  readonly program: SourceProgram
  readonly sources: ReadonlyMap<string, string>
}

/** Prints plans and makes the module for the app. */
async function emitPlans(
  { planned, variants, lowered, program, sources }: Compiled,
  target: CodegenRow,
  { file, names = 'readable', others = {}, architectures = [], profile = false }: CompileOptions,
): Promise<Pick<CompileResult, 'code' | 'map' | 'assets' | 'cuda' | 'types' | 'explain'>> {
  const [first] = lowered
  invariant(first !== undefined, 'a module is compiled for at least one mode')
  const printed = await printPlans(planned, target, {
    names,
    profile,
    name: nameOfFile(file),
    texts: sources,
    architectures: architectures.filter((each) => !hasOwnPtx(each)),
    variants,
  })
  const models = namesOf(first.module.graphs).map((name) => modelOf(name, printed.compiled))
  const content = {
    source: program.entry,
    models,
    data: first.module.data,
    exportSpans: first.module.exportSpans,
    texts: sources,
  }
  const emitted = emitModule(content, { names, others, profile, module: printed.module })
  return {
    code: emitted.code,
    map: emitted.map,
    assets: printed.assets,
    ...(models.length === 0 ? {} : cudaOf(printed.module, file)),
    types: emitTypes(content),
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

/** What scheduling has to know of a target. */
interface PlanTarget extends Pick<CodegenRow, 'limits'> {
  readonly machine: MachineName
}

/** By what PTX is for: the machines without and with products rounded to tf32. */
const cudaMachines: { readonly [A in PtxArchitecture]: readonly [MachineName, MachineName] } = {
  sm_80: ['cuda', 'cudaTf32'],
  sm_90a: ['hopper', 'hopperTf32'],
}

/** The architectures that take PTX of their own, beside that of all devices. */
export const ownArchitectures: readonly string[] = Object.keys(cudaMachines).filter((each) => each !== 'sm_80')

function hasOwnPtx(architecture: string): architecture is PtxArchitecture {
  return ownArchitectures.includes(architecture)
}

function machineOf(
  { machine }: Pick<CodegenRow, 'machine'>,
  { tf32 = false }: CompileOptions,
  architecture: PtxArchitecture = 'sm_80',
): MachineName {
  return machine === 'cuda' ? cudaMachines[architecture][tf32 ? 1 : 0] : machine
}

function planGraph(graph: Graph, target: PlanTarget, isVerified: boolean): Plan {
  const [only, ...others] = cutAtHost(graph).map((stage) => planStage(stage, target, isVerified))
  if (only !== undefined && others.length === 0) return only
  const nothing = { kernels: [], launches: [], steps: [], transients: [], constants: [] }
  return { graph, ...nothing, stages: only === undefined ? [] : [only, ...others] }
}

function planStage(graph: Graph, target: PlanTarget, isVerified: boolean): Plan {
  const optimized = optimize(graph, (pass, after) => {
    if (isVerified) verifyGraph(after, `after ${pass}`)
  })
  const plan = schedule(optimized, {
    buffers: target.limits.params,
    machine: target.machine,
    groups: target.limits.groupsAtOnce,
  })
  if (isVerified) {
    plan.kernels.forEach(verifyKernel)
    verifyPlan(plan)
  }
  return plan
}

function cudaOf(module: PrintedModule, file: string): Pick<CompileResult, 'cuda'> {
  if (module.target !== 'cuda') return {}
  const name = nameOfFile(file)
  return {
    cuda: {
      ptx: module.ptx,
      variants: module.variants,
      cubins: module.cubins.map(({ suffix, ...cubin }) => ({ name: name + suffix, ...cubin })),
    },
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
