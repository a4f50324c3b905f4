// recording-driver: a target that computes nothing and remembers what it was given
import type { Call, DefinitionData, Driver, HostTensor, ProgramSignature, Session, TypedArray } from '../src/index.ts'
import { arrayOf, sizeOf } from '../src/index.ts'

/** A driver and what happened to it. */
export interface Recording {
  readonly driver: Driver<ProgramSignature>
  readonly weights: TypedArray[]
  readonly calls: Call[]
  /** `open`, `dispose`, … in order. */
  readonly events: string[]
  /** Makes the current session report a lost device. */
  lose(): void
  /** Runs wait for this, if set. */
  gate?: Promise<void>
}

/** Returns a driver whose outputs are zeros; `canFork` tells whether programs may share weights. */
export function record({ canFork = false }: { readonly canFork?: boolean } = {}): Recording {
  let isLost = false
  const recording: Recording = {
    weights: [],
    calls: [],
    events: [],
    lose() {
      isLost = true
    },
    driver: {
      target: 'wasm',
      async open({ program }): Promise<Session> {
        recording.events.push('open')
        isLost = false
        return createSession(program)
      },
    },
  }
  const createSession = (program: ProgramSignature): Session => {
    let isOpen = true
    return {
      device: 'none',
      kernels: 0,
      isLost: () => isLost,
      upload(index, data) {
        recording.weights[index] = data.slice()
      },
      download: async (index) => recording.weights[index] ?? new Float32Array(),
      ready: async () => {},
      accepts: (tensor) => 'isMine' in tensor,
      async run(call) {
        recording.calls.push({
          ...call,
          inputs: call.inputs.map((input) => (ArrayBuffer.isView(input) ? input.slice() : input)),
        })
        await recording.gate
        return call.outputs.map((index) => {
          return zeros(program.outputs[index]?.[1] ?? 'f32', call.shapes[program.inputs.length + index] ?? [])
        })
      },
      measure: () => ({ dispatches: 0, arenaBytes: 0 }),
      dispose() {
        if (!isOpen) return
        isOpen = false
        recording.events.push('dispose')
      },
      ...(canFork
        ? {
            fork(other: ProgramSignature): Session {
              recording.events.push('fork')
              return createSession(other)
            },
          }
        : {}),
    }
  }
  return recording
}

/** Returns a tensor of zeros; `isMine` tells whether the driver takes it as it is. */
export function zeros(dtype: keyof typeof arrayOf, shape: readonly number[]): HostTensor & { readonly isMine: true } {
  const data = new arrayOf[dtype](sizeOf(shape))
  return {
    dtype,
    shape,
    size: data.length,
    isMine: true,
    data: async () => data,
    toArray: async () => [...data],
    dispose() {},
  }
}

/** Returns a definition's data around a program. */
export function dataOf(
  program: Partial<ProgramSignature>,
  weights: DefinitionData<ProgramSignature>['weights'] = [],
): DefinitionData<ProgramSignature> {
  const whole = { dims: [], inputs: [], outputs: [], solve: () => [], shapes: () => [], ...program }
  return { contract: 1, name: 'm', weights, constants: [], programs: { eval: whole } }
}
