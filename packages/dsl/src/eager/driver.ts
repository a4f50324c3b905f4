// driver: the eager target of the host API

import type { Call, Driver, HostTensor, KernelName, Laps, OpenRequest, Session, TypedArray } from '@tsjit/host'
import type { TensorBase } from '../types/tensor-type.ts'
import { EagerTensor, fromHost } from './eager-tensor.ts'
import type { EagerProgram } from './program.ts'
import type { RunScope } from './scope.ts'

/** Returns what runs models on the CPU, one operation at a time, as the source says; operations are timed for the laps. */
export function createEagerDriver(laps: Laps): Driver<EagerProgram> {
  const names = new Map<string, KernelName>()
  const time: Watch['time'] = (kind, compute) => {
    const start = performance.now()
    const result = compute()
    const milliseconds = performance.now() - start
    const name = names.get(kind) ?? [kind, '']
    names.set(kind, name)
    laps.add(name, milliseconds)
    return result
  }
  const watch = { laps, time }
  return {
    target: 'eager',
    trial: laps,
    open: async ({ program }: OpenRequest<EagerProgram>) => openSession(program, [], watch),
  }
}

/** What times operations, and says when. */
interface Watch {
  readonly laps: Laps
  readonly time: NonNullable<RunScope['time']>
}

function openSession(program: EagerProgram, weights: TensorBase[], watch: Watch): Session<EagerProgram> {
  return {
    device: 'CPU, eager',
    kernels: 0,
    isLost: () => false,
    upload(index, data) {
      const declaration = program.weights[index]?.declaration
      if (declaration === undefined) throw new Error(`internal: there is no weight ${index}`)
      weights[index] = fromHost(declaration.dtype, declaration.shape, data)
    },
    async download(index) {
      const weight = weights[index]
      if (weight instanceof EagerTensor) return weight.data()
      throw new Error(`internal: there is no weight ${index}`)
    },
    ready: async () => {},
    fork: (other) => openSession(other, weights, watch),
    accepts: (tensor) => tensor instanceof EagerTensor,
    run: async (call) => runProgram(program, weights, call, watch),
    measure: () => ({ dispatches: 0, arenaBytes: 0 }),
    dispose() {
      weights.length = 0
    },
  }
}

function runProgram(
  program: EagerProgram,
  weights: TensorBase[],
  call: Call,
  { laps, time }: Watch,
): readonly HostTensor[] {
  const inputs = program.inputs.map(([path, dtype], i): [string, TensorBase] => {
    const given = call.inputs[i]
    return [path, given instanceof EagerTensor ? given : fromHost(dtype, call.shapes[i] ?? [], arrayOf(given))]
  })
  const own = { inputs: new Map(inputs), weights, sizes: call.dims, mode: 'compute', isSilent: laps.isOn } as const
  const { outputs, updates } = program.run({ ...own, ...(laps.isTiming && { time }) })
  if (!laps.isOn) for (const [index, value] of updates) weights[index] = value
  const byPath = new Map(outputs.map(({ path, value }) => [path, value]))
  return call.outputs.map((index) => {
    const path = program.outputs[index]?.[0] ?? ''
    const value = byPath.get(path)
    if (value instanceof EagerTensor) return value
    throw new Error(`forward returned no '${path}' this time: the names of outputs cannot depend on sizes`)
  })
}

function arrayOf(given: TypedArray | HostTensor | undefined): TypedArray {
  if (given === undefined || !ArrayBuffer.isView(given)) throw new Error('internal: the host passes arrays')
  return given
}
