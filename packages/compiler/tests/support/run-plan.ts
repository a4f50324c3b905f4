// run-plan: a plan -> a definition that the WebGPU runtime takes, without emitting a module

import { type Dim, dims } from '@tsjit/dsl/compiler'
import { type DefinitionData, type WebgpuProgramData, type WgslKernelData, CONTRACT_VERSION } from '@tsjit/host'
import { specialRun } from '@tsjit/runtime-webgpu'
import { printWgsl } from '../../src/5-codegen/wgsl/print-wgsl.ts'
import type { BufferRef, Plan, Step } from '../../src/ir/plan/plan.ts'

const letters = { input: 'i', output: 'o', weight: 'w', constant: 'c', transient: 't' } as const

/** Returns what `program` of the runtime takes. */
export function definitionOf(plan: Plan): DefinitionData<WebgpuProgramData> {
  const { graph } = plan
  const kernels: WgslKernelData[] = []
  const known = new Map<string, number>()
  const launches = plan.launches.map((launch) => {
    const access = launch.bindings.map((b) => (b.kind === 'transient' || b.kind === 'output' ? 'w' : 'r')).join('')
    const key = `${launch.kernel} ${access}`
    const index = known.get(key) ?? kernels.length
    const kernel = plan.kernels[launch.kernel]
    if (index === kernels.length && kernel !== undefined) {
      known.set(key, index)
      const printed = printWgsl(kernel, { names: 'readable', access })
      kernels.push({ code: printed.code, access, ...(printed.uniform ? { uniform: true } : {}) })
    }
    return { ...launch, index }
  })
  const env = (values: readonly number[]): ReadonlyMap<string, number> =>
    new Map(graph.dims.map((d, i) => [d.name, values[i] ?? 0]))
  const shapeOf = (shape: readonly Dim[], values: readonly number[]): number[] =>
    shape.map((d) => dims.valueOf(d, env(values)))
  const name = (ref: BufferRef): string => `${letters[ref.kind]}${ref.index}`
  return {
    contract: CONTRACT_VERSION,
    name: graph.name,
    weights: graph.weights.map((w) => [w.path, w.value.type.dtype, shapeOf(w.value.type.shape, []), 0, w.role]),
    constants: plan.constants.map((c) => [c.dtype, c.shape, c.data]),
    programs: {
      eval: {
        dims: graph.dims.map((d) => [d.name, d.min, Number.isFinite(d.max) ? d.max : 0, d.multipleOf]),
        inputs: graph.inputs.map((i) => [
          i.path,
          i.value.type.dtype,
          i.value.type.shape.map((d) => (typeof d === 'number' ? d : dims.printDim(d))),
        ]),
        outputs: graph.outputs.map((o) => [
          o.path,
          o.value.type.dtype,
          o.value.type.shape.map((d) => (typeof d === 'number' ? d : dims.printDim(d))),
        ]),
        solve: (shapes) =>
          graph.dims.map((d) => {
            for (const [i, input] of graph.inputs.entries())
              for (const [axis, size] of input.value.type.shape.entries())
                if (dims.printDim(size) === d.name) return shapes[i]?.[axis] ?? 0
            return 0
          }),
        shapes: (...values) => [...graph.inputs, ...graph.outputs].map((s) => shapeOf(s.value.type.shape, values)),
        kernels,
        arena: (...values) => plan.transients.flatMap((t) => [dims.valueOf(t.bytes, env(values)), t.first, t.last]),
        ...(repeats(plan.steps) ? { special: specialRun } : {}),
        launch: (l, ...values) => {
          const run = (step: Step, names: ReadonlyMap<string, number>): void => {
            const at = (d: Dim): number => dims.valueOf(d, names)
            if (step.kind === 'launch') {
              const launch = launches[step.launch]
              if (launch === undefined) return
              const [x, y, z] = launch.groups.map(at)
              l(launch.index, launch.bindings.map(name), x ?? 0, y ?? 1, z ?? 1, launch.scalars.map(at))
            } else if (step.kind === 'repeat') {
              l(-1, [name(step.flag)], 0)
              for (const inner of step.body) run(inner, names)
              l(-2, [], 0)
            } else if (step.kind === 'loop' && step.count !== undefined) {
              const [counter] = dims.symbolsOf(step.counter)
              for (let i = 0; i < at(step.count); i++)
                for (const inner of step.body) run(inner, counter ? new Map([...names, [counter.name, i]]) : names)
            }
          }
          for (const step of plan.steps) run(step, env(values))
        },
      },
    },
  }
}

function repeats(steps: readonly Step[]): boolean {
  return steps.some((step) => step.kind === 'repeat' || (step.kind === 'loop' && repeats(step.body)))
}
