// emit-module: plans and kernel texts -> the module that an app imports
//
// Models become definitions of the runtime, plain data stays, everything else of the text is gone. Kernels that occur
// more than once are written once. Exported names map back to where the user wrote them; generated code maps to nothing.

import { CONTRACT_VERSION, type Target } from '@tsjit/host'
import type { Span } from '../base/span.ts'
import { type Plan, stagesOf } from '../ir/plan/plan.ts'
import type { PrintedModule } from '../ir/plan/printed-program.ts'
import type { SourceModule } from '../ir/source.ts'
import { type EmittedCode, type MappedPart, assemble } from './assemble.ts'
import { type EmittedProgram, type PrintedPlan, emitProgram, hasConditions } from './emit-program.ts'
import { emitStaged } from './emit-staged.ts'
import { type EmitTarget, SPECIAL, emitTargets, moduleOf } from './emit-targets.ts'
import { type HostNames, createHostNames } from './host-functions.ts'
import { hasHiddenSlots } from './hidden-slots.ts'
import { type CodeStyle, type Js, dataJs, isIdentifier, printJs, quote } from './js-text.ts'
import { mergeTables } from './merge-tables.ts'

export type { EmittedProgram, PrintedPlan } from './emit-program.ts'

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
  readonly others?: Readonly<Partial<Record<Target, string>>>
  /** Whether instances can be profiled. */
  readonly profile?: boolean
  /** What all models of the file share; default: nothing, on WebGPU. */
  readonly module?: PrintedModule
}

/** The variable that holds what all models of a file share. */
const MODULE = '__tsjit_module'

/** Returns the module. */
export function emitModule(content: ModuleContent, options: EmitOptions): EmittedCode {
  const { names: style, profile = false, module = { target: 'webgpu' } } = options
  const target = emitTargets[module.target]
  const pieces = new Map<string, string>()
  const shared = (piece: Js): string => {
    const text = printJs(piece, style)
    const name = pieces.get(text) ?? `__tsjit_${pieces.size}`
    pieces.set(text, name)
    return name
  }
  const common = content.models.length === 0 ? undefined : moduleOf(module)
  const hosts = createHostNames(content.texts, style)
  const context = { shared, hosts, target: module.target, hasModule: common !== undefined }
  const isTaken = (name: string): boolean => content.data.has(name) || content.models.some((m) => m.name === name)
  const program = isTaken('program') ? '__tsjit_program' : 'program'
  const runtimeProgram = profile ? 'profiledProgram' : 'program'
  const parts = [
    ...content.models.map((model) => {
      const definition = definitionText(model, context, options, content.texts)
      return { name: model.name, value: `/*#__PURE__*/ ${program}(${definition})` }
    }),
    ...[...content.data].map(([name, value]) => ({ name, value: printJs(dataJs(value), style) })),
  ]
  const space = style === 'minified' ? '' : ' '
  const declared = [...pieces].map(([text, name]) => `const ${name}${space}=${space}${text}\n`)
  const hasPlan = (test: (plan: Plan) => boolean): boolean =>
    content.models.some((model) => programsOf(model).some(({ program: { plan } }) => stagesOf(plan).some(test)))
  const imported = [
    ...(hasPlan(hasConditions) ? ['TsjitError as __tsjit_error'] : []),
    runtimeProgram === program ? program : `${runtimeProgram} as ${program}`,
    ...(content.models.some((model) => loaderOf(model, module.target) === MANY) ? [`manyPrograms as ${MANY}`] : []),
    ...(content.models.some(callsHost) ? [`hostCalls as ${HOST}`] : []),
    ...(hasPlan(target.needsHalfStorage) ? [`halfStorage as ${HALF}`] : []),
    ...(hasPlan(target.isSpecial) ? [`specialRun as ${SPECIAL}`] : []),
  ]
  const imports = content.models.length === 0 ? '' : `import { ${imported.join(', ')} } from '${target.runtime}'\n`
  const gap = style === 'minified' ? '' : '\n'
  if (common !== undefined) declared.push(`const ${MODULE}${space}=${space}${printJs(common, style)}\n`)
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

interface DefinitionContext {
  readonly hosts: HostNames
  readonly shared: (piece: Js) => string
  readonly target: PrintedModule['target']
  readonly hasModule: boolean
}

function definitionText(
  model: EmittedModel,
  { shared, hosts, target, hasModule }: DefinitionContext,
  { names: style, others = {}, profile = false }: EmitOptions,
  texts: ModuleContent['texts'],
): string {
  const programs = programsOf(model)
  const tables = mergeTables(
    programs.flatMap(({ program: { plan } }) => stagesOf(plan)),
    emitTargets[target].hasHalves,
  )
  const placeOf = (span: Span): string => placeIn(texts, span)
  let place = 0
  const emitOne = (printed: PrintedPlan, isStage: boolean): Js => {
    const [weights, constants] = [tables.weightsOf[place] ?? [], tables.constantsOf[place] ?? []]
    place += 1
    return emitProgram(printed, { style, shared, weights, constants, placeOf, isStage, isProfiled: profile })
  }
  const emit = (program: EmittedProgram): Js => {
    if (!('stages' in program)) return emitOne(program, false)
    // a program has the weights of its first stage, which are all
    const weights = tables.weightsOf[place] ?? []
    const stages = program.stages.map((stage) => emitOne(stage, true))
    const nameOfFunction: HostNames['nameOf'] = (fn) => hosts.nameOf(fn)
    return emitStaged(program.plan.graph, stages, { style, weights, placeOf, nameOfFunction })
  }
  const emitted = programs.map(({ mode, isWhole, program }) => ({ mode, isWhole, js: emit(program) }))
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
      ...manyField(model, target),
      ...(hasModule ? [['module', MODULE] as const] : []),
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
  return programsOf(model).some(({ program }) => 'stages' in program)
}

/** The same for `halfStorage` of the WebGPU runtime. */
const HALF = '__tsjit_half'

function needsHalfStorage(model: EmittedModel, target: EmitTarget): boolean {
  const { needsHalfStorage: isNeeded } = emitTargets[target]
  return programsOf(model).some(({ program: { plan } }) => stagesOf(plan).some(isNeeded))
}

/** What loads a model where the runtime alone does not. */
function loaderOf(model: EmittedModel, target: EmitTarget): string | undefined {
  if (callsHost(model)) return HOST
  return isMany(model) || needsHalfStorage(model, target) ? MANY : undefined
}

function manyField(model: EmittedModel, target: EmitTarget): readonly (readonly ['many', Js])[] {
  const loader = loaderOf(model, target)
  if (loader === undefined) return []
  return [['many', needsHalfStorage(model, target) ? `/*#__PURE__*/ ${HALF}(${loader})` : loader]]
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
