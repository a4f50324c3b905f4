// emit-targets: what a module and its programs hold for each target
//
// One row for each target. Everything else of a module is the same for all.

import { invariant } from '../base/invariant.ts'
import type { PrintedKernel } from '../ir/kernel/printed-kernel.ts'
import type { Plan, Step } from '../ir/plan/plan.ts'
import type {
  PrintedCubin,
  PrintedEntry,
  PrintedModule,
  PrintedProgram,
  ProgramPart,
  PtxVariant,
} from '../ir/plan/printed-program.ts'
import { hasHiddenSlots } from './hidden-slots.ts'
import { type LaunchContext, launchText } from './emit-launches.ts'
import { jsDim } from './js-dims.ts'
import { type Js, dataJs, quote, squeeze, template } from './js-text.ts'

/** A target. */
export type EmitTarget = PrintedProgram['target']

/** What the fields of a program are printed with. */
export interface FieldContext extends LaunchContext {
  readonly plan: Plan
  /** Returns the variable that holds a piece of the module; equal ones are written once. */
  readonly shared: (piece: Js) => string
}

type Field = readonly [name: string, value: Js]

interface TargetRow<T extends EmitTarget> {
  /** What `program` is imported from. */
  readonly runtime: string
  /** Whether memory holds elements of half width as such: constants are then their bits. */
  readonly hasHalves: boolean
  /** Whether a program needs `specialRun` of the runtime. */
  readonly isSpecial: (plan: Plan) => boolean
  /** Whether a program needs `halfStorage` of the runtime. */
  readonly needsHalfStorage: (plan: Plan) => boolean
  /** What all models of a file share. */
  readonly module: (module: Extract<PrintedModule, { target: T }>) => Js | undefined
  /** What a program holds besides sizes and slots. */
  readonly fields: (printed: Extract<PrintedProgram, { target: T }>, context: FieldContext) => readonly Field[]
}

/** The name under which a module has `specialRun` of the runtime. */
export const SPECIAL = '__tsjit_special'

/** The targets. */
export const emitTargets: { readonly [T in EmitTarget]: TargetRow<T> } = {
  webgpu: {
    runtime: '@tsjit/runtime-webgpu',
    hasHalves: false,
    isSpecial,
    needsHalfStorage: hasHalves,
    module: () => undefined,
    fields: ({ kernels, ofLaunch }, context) => [
      ...(hasHalves(context.plan) ? [['halves', dataJs(halvesOf(context.plan))] as const] : []),
      ['kernels', { list: kernels.map((kernel) => context.shared(kernelJs(kernel))) }],
      ['launch', launchText(context.plan, ofLaunch, context)],
      ...(isSpecial(context.plan) ? [['special', SPECIAL] as const] : []),
    ],
  },
  cuda: {
    runtime: '@tsjit/runtime-cuda',
    hasHalves: true,
    isSpecial: () => false,
    needsHalfStorage: () => false,
    module: ({ ptx, variants, cubins }) => ({
      record: [['ptx', template(ptx)], ...variantsField(variants), ...cubinsField(cubins)],
    }),
    fields: (printed, context) => [
      ['kernels', { list: printed.kernels.map((kernel) => context.shared(entryJs(kernel))) }],
      ['launch', launchText(context.plan, countedLaunches(printed, context.plan), context)],
    ],
  },
  wasm: {
    runtime: '@tsjit/runtime-wasm',
    hasHalves: true,
    isSpecial: () => false,
    needsHalfStorage: () => false,
    module: ({ baseline, relaxed }) => ({ list: [baseline, relaxed] }),
    fields: ({ entry, scratchBytes, parts }, context) => {
      const { kernels, launches } = context.plan
      return [
        ['run', quote(entry)],
        ['scratch', String(scratchBytes)],
        ['counts', dataJs([kernels.length, launches.length])],
        ...(parts.length === 0 ? [] : [['parts', squeeze(partsText(parts, context), context.style)] as const]),
      ]
    },
  },
}

/** Returns what a program holds besides sizes and slots. */
export function fieldsOf<T extends EmitTarget>(
  printed: Extract<PrintedProgram, { target: T }> & { readonly target: T },
  context: FieldContext,
): readonly Field[] {
  return emitTargets[printed.target].fields(printed, context)
}

/** Returns what a runtime counts each launch of a plan as: the kernel that it is told of, in WebAssembly the launch itself. */
export function countedLaunches(printed: PrintedProgram, { launches }: Plan): readonly number[] {
  if (printed.target === 'webgpu') return printed.ofLaunch
  return launches.map(({ kernel }, index) => (printed.target === 'cuda' ? kernel : index))
}

/** Returns what all models of a file share; undefined where that is nothing. */
export function moduleOf<T extends EmitTarget>(
  module: Extract<PrintedModule, { target: T }> & { readonly target: T },
): Js | undefined {
  return emitTargets[module.target].module(module)
}

/** Whether launches of a plan are repeated, or it leaves something for the host. */
function isSpecial({ graph, steps }: Plan): boolean {
  return steps.some(repeats) || hasHiddenSlots(graph)
}

/** Whether a kernel of a plan touches f16. */
function hasHalves({ kernels }: Plan): boolean {
  return kernels.some(({ params }) => params.some(({ dtype }) => dtype === 'f16'))
}

function halvesOf({ transients }: Plan): readonly number[] {
  return transients.flatMap(({ dtype }, index) => (dtype === 'f16' ? index : []))
}

function repeats(step: Step): boolean {
  return step.kind === 'repeat' || (step.kind === 'loop' && step.body.some(repeats))
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

function entryJs({ entry, block, buffers, uniform, cooperative, shared }: PrintedEntry): Js {
  invariant(entry !== '', 'an entry has a name')
  return {
    record: [
      ['entry', quote(entry)],
      ['block', dataJs(block)],
      ...(shared > 0 ? [['shared', String(shared)] as const] : []),
      ['buffers', String(buffers)],
      ...(uniform ? [['uniform', 'true'] as const] : []),
      ...(cooperative ? [['cooperative', 'true'] as const] : []),
    ],
  }
}

function variantsField(variants: readonly PtxVariant[]): readonly Field[] {
  const record = variants.map(({ architecture, ptx }) => [architecture, template(ptx)] as const)
  return variants.length === 0 ? [] : [['variants', { record }]]
}

function cubinsField(cubins: readonly PrintedCubin[]): readonly Field[] {
  const record = cubins.map(({ architecture, placeholder }) => [architecture, placeholder] as const)
  return cubins.length === 0 ? [] : [['cubins', { record }]]
}

function partsText(parts: readonly ProgramPart[], { given, nameOf }: FieldContext): string {
  const numbers = parts.map(({ launch, groups, work }) => `${launch}, ${jsDim(groups, nameOf)}, ${jsDim(work, nameOf)}`)
  const isStatic = parts.every(({ groups, work }) => typeof groups === 'number' && typeof work === 'number')
  return `(${isStatic ? '' : given.join(', ')}) => [${numbers.join(', ')}]`
}
