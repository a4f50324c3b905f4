// export-c: plans -> C
//
// What `compile` does for the target C once there are plans: the kernels of one room, the host program of another.

import type { WeightData } from '@tsjit/host'
import { type CodegenRow, codegen, languageC } from './5-codegen/codegen.ts'
import { type CFile, emitC } from './6-emit/c/emit-c.ts'
import { cpuDevice } from './6-emit/c/device.ts'
import { cudaKernels } from './6-emit/c/cuda-kernels.ts'
import type { CKernelCode } from './6-emit/c/language.ts'
import { invariant } from './base/invariant.ts'
import type { Graph } from './ir/graph/graph.ts'
import type { Plan } from './ir/plan/plan.ts'
import { placePlans } from './place-plans.ts'

/** What a module becomes. */
export interface CExport {
  readonly files: readonly CFile[]
  /** By model: what its names in C begin with, and its weights in the order in which `emitWeights` takes them. */
  readonly weights: readonly {
    readonly name: string
    readonly prefix: string
    readonly weights: readonly WeightData[]
  }[]
}

/** The plans of a module by mode, evaluation first. */
export type PlannedModes = readonly { readonly mode: 'eval' | 'train'; readonly plans: readonly Plan[] }[]

/** What an exported program runs on. */
export type ExportDevice = 'cpu' | 'cuda'

/** What kernels are formed for, by device. */
export const exportRows: { readonly [D in ExportDevice]: Pick<CodegenRow, 'limits' | 'machine'> } = {
  cpu: languageC,
  cuda: codegen.cuda,
}

/** How to export. */
export interface ExportOptions {
  /** The name of the files, without their ending. */
  readonly name: string
  readonly device: ExportDevice
  readonly isEmbedded: boolean
}

/** Returns the files of a module. */
export async function exportC(planned: PlannedModes, options: ExportOptions): Promise<CExport> {
  const { name, device, isEmbedded } = options
  const names = [...new Set(planned.flatMap(({ plans }) => plans.map(({ graph }) => graph.name)))]
  const models = names.map((model) => ({
    name: model,
    modes: planned.map(({ mode, plans }) => ({ mode, plans: plans.filter(({ graph }) => graph.name === model) })),
  }))
  const plans = planned.flatMap((each) => each.plans)
  const { files, models: described } = emitC(models, {
    name,
    isEmbedded,
    kernels: device === 'cpu' ? cpuKernels(plans) : await cudaKernelsOf(plans),
    language: { index: languageC.printIndex, library: languageC.printLibrary },
  })
  const weights = described.map(({ name: model, prefix, weights: own }) => ({
    name: model,
    prefix,
    weights: own.map(({ path }) => weightOf(plans, model, path)),
  }))
  return { files, weights }
}

function weightOf(plans: readonly Plan[], model: string, path: string): WeightData {
  const graphs = plans.flatMap(({ graph }) => (graph.name === model ? [graph] : []))
  const found = graphs.flatMap(({ weights }) => weights).find((weight) => weight.path === path)
  invariant(found !== undefined, 'weights are those of the programs')
  const { value, init, role } = found
  return [path, value.type.dtype, value.type.shape.map(Number), initOf(init), role]
}

function initOf(init: Graph['weights'][number]['init']): WeightData[3] {
  if (init.kind === 'constant') return init.value
  return init.kind === 'uniform' ? ['uniform', init.low, init.high] : ['normal', init.mean, init.deviation]
}

/** Functions of the same file. */
function cpuKernels(plans: readonly Plan[]): CKernelCode {
  const { functions, programs } = languageC.printKernels(plans)
  const programOf = (plan: Plan): (typeof programs)[number] => {
    const program = programs[plans.indexOf(plan)]
    invariant(program !== undefined, 'every plan is printed')
    return program
  }
  return {
    device: cpuDevice,
    code: functions.join('\n\n'),
    scratchBytes: (plan) => programOf(plan).scratchBytes,
    launch(plan, { index, planned, slots, dims, print }) {
      const launch = programOf(plan).launches[index]
      invariant(launch !== undefined, 'every launch is printed')
      const args = [
        ...launch.params.map((i) => slots[i] ?? ''),
        ...launch.dims.map((i) => dims[i] ?? ''),
        ...launch.scalars.map((i) => print(planned.scalars[i] ?? 0)),
        ...(launch.hasScratch ? ['tj_at(&c->scratch, 0)'] : []),
        print(planned.groups[0]),
      ]
      return [`${launch.function}(${args.join(', ')});`]
    },
  }
}

/** Entries of one PTX module, which the program holds as text. */
async function cudaKernelsOf(plans: readonly Plan[]): Promise<CKernelCode> {
  const placed = placePlans(plans)
  const placeOf = (): { file: string; line: number; column: number } => ({ file: '', line: 1, column: 1 })
  const { module, programs } = await codegen.cuda.print(placed, { names: 'minified', placeOf })
  invariant(module.target === 'cuda', 'PTX is the module of CUDA')
  const byPlan = new Map(placed.map(({ plan }, i) => [plan, programs[i]]))
  return cudaKernels(module.ptx, (plan) => {
    const program = byPlan.get(plan)
    invariant(program?.target === 'cuda', 'every plan is printed')
    return program
  })
}
