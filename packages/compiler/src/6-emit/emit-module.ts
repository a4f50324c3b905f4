// emit-module: plans and kernel texts -> the module that an app imports
//
// Models become definitions of the runtime, plain data stays, everything else of the text is gone. Kernels that occur
// more than once are written once. Exported names map back to where the user wrote them; generated code maps to nothing.

import { CONTRACT_VERSION } from '@tsjit/host'
import type { Span } from '../base/span.ts'
import { invariant } from '../base/invariant.ts'
import type { PrintedKernel } from '../ir/kernel/printed-kernel.ts'
import { type Plan, stagesOf } from '../ir/plan/plan.ts'
import type { SourceModule } from '../ir/source.ts'
import { type EmittedCode, type MappedPart, assemble } from './assemble.ts'
import { emitStaged } from './emit-staged.ts'
import {
  SPECIAL,
  type WasmEntry,
  emitProgram,
  hasConditions,
  hasHalves,
  hasHiddenSlots,
  isSpecial,
} from './emit-program.ts'
import { type CodeStyle, type Js, dataJs, isIdentifier, printJs, quote, template } from './js-text.ts'
import { type HostNames, createHostNames } from './host-functions.ts'
import { mergeTables } from './merge-tables.ts'

/** One program of a model. */
export interface EmittedProgram {
  readonly plan: Plan
  /** A text for each variant of its kernels (see `variantsOf`); none where a WebAssembly module has them. */
  readonly kernels: readonly PrintedKernel[]
  readonly wasm?: WasmEntry
  /** Those of its stages, where it is cut at calls of the host. */
  readonly stages?: readonly EmittedProgram[]
}

/** An exported model. */
export interface EmittedModel {
  readonly name: string
  readonly eval: EmittedProgram
  readonly train?: EmittedProgram
  /** The programs that lack optional inputs. */
  readonly without?: Readonly<Record<'eval' | 'train', readonly EmittedProgram[]>>
}

/** What a module is made of. */
export interface ModuleContent {
  readonly source: Pick<SourceModule, 'file' | 'text'>
  readonly models: readonly EmittedModel[]
  /** Exported plain data. */
  readonly data: ReadonlyMap<string, unknown>
  /** The text of every module, for places in them. */
  readonly texts: ReadonlyMap<string, string>
  /** Where each name is exported. */
  readonly exportSpans: ReadonlyMap<string, Span>
}

/** How to write it. */
export interface EmitOptions {
  readonly names: CodeStyle
  /** What to import the forms of the module for other targets from. */
  readonly others?: Readonly<Partial<Record<'eager' | 'wasm' | 'webgpu', string>>>
  /** Expressions for the two forms of the WebAssembly module that has the programs. */
  readonly module?: { readonly baseline: string; readonly relaxed: string }
}

/** The variable that holds where the WebAssembly module is: all models of a file share one. */
const MODULE = '__tsjit_module'

/** Returns the module. */
export function emitModule(content: ModuleContent, options: EmitOptions): EmittedCode {
  const { names: style } = options
  const kernels = new Map<string, string>()
  const nameOfKernel = (kernel: PrintedKernel): string => {
    const text = printJs(kernelJs(kernel), style)
    const name = kernels.get(text) ?? `__tsjit_${kernels.size}`
    kernels.set(text, name)
    return name
  }
  const hosts = createHostNames(content.texts, style)
  const isTaken = (name: string): boolean => content.data.has(name) || content.models.some((m) => m.name === name)
  const program = isTaken('program') ? '__tsjit_program' : 'program'
  const parts = [
    ...content.models.map((model) => {
      const definition = definitionText(model, { nameOfKernel, hosts }, options, content.texts)
      return { name: model.name, value: `/*#__PURE__*/ ${program}(${definition})` }
    }),
    ...[...content.data].map(([name, value]) => ({ name, value: printJs(dataJs(value), style) })),
  ]
  const space = style === 'minified' ? '' : ' '
  const declared = [...kernels].map(([text, name]) => `const ${name}${space}=${space}${text}\n`)
  const hasPlan = (test: (plan: Plan) => boolean): boolean =>
    content.models.some((model) => programsOf(model).some(({ program: { plan } }) => stagesOf(plan).some(test)))
  const target = options.module === undefined ? 'webgpu' : 'wasm'
  const imported = [
    ...(hasPlan(hasConditions) ? ['TsjitError as __tsjit_error'] : []),
    program === 'program' ? program : `program as ${program}`,
    ...(content.models.some((model) => loaderOf(model, target) === MANY) ? [`manyPrograms as ${MANY}`] : []),
    ...(content.models.some(callsHost) ? [`hostCalls as ${HOST}`] : []),
    ...(target === 'webgpu' && hasPlan(hasHalves) ? [`halfStorage as ${HALF}`] : []),
    ...(options.module === undefined && hasPlan(isSpecial) ? [`specialRun as ${SPECIAL}`] : []),
  ]
  const runtime = options.module === undefined ? '@tsjit/runtime-webgpu' : '@tsjit/runtime-wasm'
  const imports = content.models.length === 0 ? '' : `import { ${imported.join(', ')} } from '${runtime}'\n`
  const gap = style === 'minified' ? '' : '\n'
  const { module } = options
  if (module !== undefined) declared.push(`const ${MODULE}${space}=${space}[${module.baseline}, ${module.relaxed}]\n`)
  const head = [imports, ...declared, ...hosts.declared].filter((text) => text !== '').join(gap)
  const exports = parts.map(({ name, value }) => exportPart(name, value, content))
  // a module without exports is a module still
  return assemble(
    content.source,
    head,
    exports.length === 0 ? [{ before: 'export {}\n', name: '', after: '' }] : exports,
    gap,
  )
}

function exportPart(name: string, value: string, { source, exportSpans }: ModuleContent): MappedPart {
  const span = exportSpans.get(name)
  const at = span?.file === source.file && source.text.startsWith(name, span.start) ? { start: span.start } : {}
  if (isIdentifier(name)) return { before: 'export const ', name, after: ` = ${value}\n`, ...at }
  const local = `__tsjit_${name === 'default' ? name : `export_${Math.max(0, span?.start ?? 0)}`}`
  const outside = name === 'default' ? name : quote(name)
  return { before: `const ${local} = ${value}\nexport { ${local} as `, name: outside, after: ' }\n' }
}

function kernelJs({ code, access, uniform, features }: PrintedKernel): Js {
  return {
    record: [
      ['code', template(code)],
      ['access', quote(access)],
      ...(features.length > 0 ? [['features', dataJs(features)] as const] : []),
      ...(uniform ? [['uniform', 'true'] as const] : []),
    ],
  }
}

function definitionText(
  model: EmittedModel,
  { nameOfKernel, hosts }: { readonly nameOfKernel: (kernel: PrintedKernel) => string; readonly hosts: HostNames },
  { names: style, others = {}, module }: EmitOptions,
  texts: ModuleContent['texts'],
): string {
  const programs = programsOf(model)
  const tables = mergeTables(
    programs.flatMap(({ program: { plan } }) => stagesOf(plan)),
    module !== undefined,
  )
  let place = 0
  const emit = ({ plan, kernels, wasm, stages }: EmittedProgram, isStage: boolean): Js => {
    // a program has the weights of its first stage, which are all
    const [weights, constants] = [tables.weightsOf[place] ?? [], tables.constantsOf[place] ?? []]
    const placeOf = (span: Span): string => placeIn(texts, span)
    if (stages !== undefined) {
      const emitted = stages.map((stage) => emit(stage, true))
      return emitStaged(plan.graph, emitted, { style, weights, placeOf, nameOfFunction: (fn) => hosts.nameOf(fn) })
    }
    place += 1
    const program = { style, kernels: kernels.map(nameOfKernel), weights, constants, placeOf, isStage }
    invariant(
      plan.launches.length === 0 || kernels.length > 0 || wasm !== undefined,
      `${model.name} has launches and no kernels`,
    )
    return emitProgram(plan, { ...program, ...(wasm === undefined ? {} : { wasm }) })
  }
  const emitted = programs.map(({ mode, isWhole, program }) => ({ mode, isWhole, js: emit(program, false) }))
  const whole = emitted.filter(({ isWhole }) => isWhole).map(({ mode, js }) => [mode, js] as const)
  const without = whole.flatMap(([mode]) => {
    const list = emitted.filter((each) => each.mode === mode && !each.isWhole).map(({ js }) => js)
    return list.length === 0 ? [] : [[mode, { list }] as const]
  })
  const definition: Js = {
    record: [
      ['contract', String(CONTRACT_VERSION)],
      ['name', quote(model.name)],
      ['weights', tables.weights],
      ['constants', tables.constants],
      ['programs', { record: whole }],
      ...(without.length === 0 ? [] : [['without', { record: without }] as const]),
      ...manyField(model, module === undefined ? 'webgpu' : 'wasm'),
      ...(module === undefined ? [] : [['module', MODULE] as const]),
      ...Object.entries(others).map(([target, from]) => [target, importText(from, model.name, style)] as const),
    ],
  }
  return printJs(definition, style)
}

/** The name under which a module has `manyPrograms` of its runtime. */
const MANY = '__tsjit_many'

/** The same for `hostCalls`. */
const HOST = '__tsjit_host'

function callsHost(model: EmittedModel): boolean {
  return programsOf(model).some(({ program }) => program.stages !== undefined)
}

/** The same for `halfStorage` of the WebGPU runtime. */
const HALF = '__tsjit_half'

function touchesHalves(model: EmittedModel): boolean {
  return programsOf(model).some(({ program: { plan } }) => stagesOf(plan).some(hasHalves))
}

/** What loads a model where the runtime alone does not. */
function loaderOf(model: EmittedModel, target: 'webgpu' | 'wasm'): string | undefined {
  if (callsHost(model)) return HOST
  return isMany(model) || (target === 'webgpu' && touchesHalves(model)) ? MANY : undefined
}

function manyField(model: EmittedModel, target: 'webgpu' | 'wasm'): readonly (readonly ['many', Js])[] {
  const loader = loaderOf(model, target)
  if (loader === undefined) return []
  return [['many', target === 'webgpu' && touchesHalves(model) ? `/*#__PURE__*/ ${HALF}(${loader})` : loader]]
}

/** Whether a call may be of one of several programs, or of one with hidden slots. */
function isMany(model: EmittedModel): boolean {
  const programs = programsOf(model)
  return programs.length > 1 || programs.some(({ program: { plan } }) => hasHiddenSlots(plan.graph))
}

function placeIn(texts: ModuleContent['texts'], { file, start }: Span): string {
  const lines = (texts.get(file) ?? '').slice(0, start).split('\n')
  return `${file}:${lines.length}:${(lines.at(-1) ?? '').length + 1}`
}

/** Returns the programs of a model, evaluation first, in each mode first the one that takes all inputs. */
function programsOf({ eval: own, train, without }: EmittedModel): readonly {
  readonly mode: 'eval' | 'train'
  readonly isWhole: boolean
  readonly program: EmittedProgram
}[] {
  return [
    { mode: 'eval' as const, whole: own },
    ...(train === undefined ? [] : [{ mode: 'train' as const, whole: train }]),
  ].flatMap(({ mode, whole }) => [
    { mode, isWhole: true, program: whole },
    ...(without?.[mode] ?? []).map((program) => ({ mode, isWhole: false, program })),
  ])
}

function importText(specifier: string, name: string, style: CodeStyle): string {
  const member = isIdentifier(name) ? `.${name}` : `[${quote(name)}]`
  const arrow = style === 'minified' ? '=>' : ' => '
  return `()${arrow}import(${quote(specifier)}).then((m)${arrow}m${member})`
}
