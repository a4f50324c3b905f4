// hidden-slots: what programs take and give beside the inputs and outputs of the app
//
// The seed of a run is one more input; new values of weights are further outputs. Drivers see them as any other, the app
// sees neither.
import type { DefinitionData, SlotData } from './contract.ts'
import type { Call, ProgramSignature } from './driver.ts'

/** The path of the input that holds the seed. */
export const SEED = '@seed'

/** Returns a program with all of its slots: the seed after the inputs, new values of weights after the outputs. */
export function withHiddenSlots<P extends ProgramSignature>(program: P, { weights }: DefinitionData<P>): P {
  const { isSeeded, updates = [] } = program
  if (!isSeeded && updates.length === 0) return program
  const seed: SlotData = [SEED, 'u32', [2]]
  // Outputs may be found late, so neither list is read before it is asked for.
  return Object.create(program, {
    inputs: { get: () => (isSeeded ? [...program.inputs, seed] : program.inputs) },
    outputs: {
      get: () => [
        ...program.outputs,
        ...updates.map((index): SlotData => {
          const [path, dtype, shape] = weights[index] ?? ['', 'f32', []]
          return [`@${path}`, dtype, shape]
        }),
      ],
    },
  }) as P
}

/** Returns what adds the seed to calls: that of the app, or the number of the run. */
export function createSeeder(): (call: Call) => Call {
  let runs = 0
  return (call) => {
    const seed = call.seed ?? runs++
    // Of 53 bits the upper ones, rounded down, are those of a negative seed too.
    const words = Uint32Array.of(seed, Math.floor(seed / 2 ** 32))
    return { ...call, inputs: [...call.inputs, words] }
  }
}
