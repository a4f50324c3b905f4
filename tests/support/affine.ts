// affine: a program whose kernels each runtime's tests write by hand: y = relu(x * w + b), and its sums along rows
//
// Two kernels over a symbolic batch, with a buffer of the arena between them.

import type { CudaProgramData, DefinitionData, WeightData } from '@tsjit/host'

type GpuProgram = Omit<CudaProgramData, 'kernels'>

/** The program without its kernels: x f32[B, 3] → hidden f32[B, 3], stats.0 f32[B] (row sums plus 10, a scalar of the launch). */
export const affineLaunches: GpuProgram = {
  dims: [['B', 0, 4096, 1]],
  inputs: [['x', 'f32', ['B', 3]]],
  outputs: [
    ['hidden', 'f32', ['B', 3]],
    ['stats.0', 'f32', ['B']],
  ],
  solve: ([x = []]) => [x[0] ?? 0],
  shapes: (b = 0) => [[b, 3], [b, 3], [b]],
  arena: (b = 0) => [b * 12, 0, 1],
  launch(launch, b = 0) {
    launch(0, ['i0', 'w0', 'w1', 't0'], Math.ceil((b * 3) / 64))
    launch(1, ['t0', 'o0', 'o1'], Math.ceil(b / 64), 1, 1, [10])
  },
}

const weights: readonly WeightData[] = [
  ['w', 'f32', [3], ['uniform', -1, 1], 'param'],
  ['b', 'f32', [3], 0, 'param'],
]

/** Returns the data of a definition with this program. */
export function affineData<P>(program: P): DefinitionData<P> {
  return { contract: 1, name: 'affine', weights, constants: [], programs: { eval: program } }
}

/** What the program computes. */
export function affineOf(
  x: readonly number[],
  w: readonly number[],
  b: readonly number[],
): { hidden: number[]; sums: number[] } {
  const hidden = x.map((value, i) => Math.fround(Math.max(0, Math.fround(Math.fround(value * w[i % 3]!) + b[i % 3]!))))
  const sums = Array.from(
    { length: x.length / 3 },
    (_, row) => hidden[row * 3]! + hidden[row * 3 + 1]! + hidden[row * 3 + 2]! + 10,
  )
  return { hidden, sums }
}
