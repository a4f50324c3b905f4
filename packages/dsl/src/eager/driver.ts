// driver: the eager target of the host API

import type { Call, Driver, HostTensor, OpenRequest, Session, TypedArray } from '@tsjit/host'
import type { TensorBase } from '../types/tensor-type.ts'
import { EagerTensor, fromHost } from './eager-tensor.ts'
import type { EagerProgram } from './program.ts'

/** Runs models on the CPU, one operation at a time, as the source says. */
export const eagerDriver: Driver<EagerProgram> = {
  target: 'eager',
  open: async ({ program }: OpenRequest<EagerProgram>) => openSession(program, []),
}

function openSession(program: EagerProgram, weights: TensorBase[]): Session<EagerProgram> {
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
    fork: (other) => openSession(other, weights),
    accepts: (tensor) => tensor instanceof EagerTensor,
    run: async (call) => runProgram(program, weights, call),
    measure: () => ({ dispatches: 0, arenaBytes: 0 }),
    dispose() {
      weights.length = 0
    },
  }
}

function runProgram(program: EagerProgram, weights: TensorBase[], call: Call): readonly HostTensor[] {
  const inputs = program.inputs.map(([path, dtype], i): [string, TensorBase] => {
    const given = call.inputs[i]
    return [path, given instanceof EagerTensor ? given : fromHost(dtype, call.shapes[i] ?? [], arrayOf(given))]
  })
  const { outputs, updates } = program.run({ inputs: new Map(inputs), weights, sizes: call.dims, mode: 'compute' })
  for (const [index, value] of updates) weights[index] = value
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
