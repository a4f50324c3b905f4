// programs: those that must compile, with what they run on and give

import { readFileSync } from 'node:fs'
import type { Inputs, Program } from '../language/program.ts'
import { nested, readGolden } from './golden-case.ts'

/** A file of this folder, and what is checked of it beside that compiled and eager runs agree. */
interface Row {
  readonly file: string
  readonly inputs: Readonly<Record<string, Inputs>>
  readonly dims?: readonly string[]
  readonly sizes?: Program['sizes']
  readonly ranges?: Program['ranges']
  readonly absent?: Program['absent']
  /** Takes the software GPU's compiler long: on WebGPU only in long runs. */
  readonly slow?: true
  readonly golden?: readonly Golden[]
}

/** A case of reference values: the names that it has for inputs, weights and outputs. */
interface Golden {
  readonly id: string
  readonly sizes: Readonly<Record<string, number>>
  readonly inputs: Readonly<Record<string, string>>
  readonly weights?: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
  /** Inputs that the case does not have. */
  readonly given?: Program['given']
}

const blockWeights = ['ln1', 'qkv', 'proj', 'ln2', 'fc1', 'fc2'].flatMap((name) => [`${name}.weight`, `${name}.bias`])

const rows: readonly Row[] = [
  {
    file: 'C01-branch-on-a-sum',
    inputs: { x: 'f32(N)' },
    golden: ['if_sum_0', 'if_sum_1'].map((id) => ({
      id,
      sizes: { N: 2 },
      inputs: { x: 'x' },
      outputs: { output: 'y' },
    })),
  },
  {
    file: 'C03-literal-tuple',
    inputs: { x: 'f32(N)' },
    golden: [{ id: 'tuple_unroll_0', sizes: { N: 3 }, inputs: { x: 'x' }, outputs: { output: 'y' } }],
  },
  {
    file: 'C05-bound-from-a-shape',
    inputs: { x: 'f32(N, M)' },
    sizes: [1, 4, 7].map((N) => ({ N, M: 3 })),
    golden: [{ id: 'range_shape_0', sizes: { N: 4, M: 3 }, inputs: { x: 'x' }, outputs: { output: 'y' } }],
  },
  { file: 'C07-early-return', inputs: { x: 'f32(N)' }, ranges: { x: [-0.9, 1.1] }, sizes: [{ N: 1 }, { N: 40 }] },
  {
    file: 'C09-convolution-by-hand',
    slow: true,
    inputs: { x: 'f32(N, 3, 16, 16)' },
    sizes: [{ N: 2 }],
    golden: [
      {
        id: 'conv2d_basic',
        sizes: { N: 1 },
        inputs: { x: 'x' },
        weights: { 'conv.weights': 'weights' },
        outputs: { output: 'out_correct' },
      },
    ],
  },
  {
    file: 'C11-train-and-eval',
    inputs: { x: 'f32(B, 3, 5, 5)' },
    golden: [
      {
        id: 'bn_basic',
        sizes: { B: 4 },
        inputs: { x: 'x3' },
        weights: {
          'bn.weight': 'weight',
          'bn.bias': 'bias',
          'bn.running_mean': 'out.running_mean',
          'bn.running_var': 'out.running_var',
        },
        outputs: { y: 'eval_y3' },
      },
    ],
  },
  {
    file: 'C13-transformer-block',
    slow: true,
    inputs: { x: 'f32(B, T, 16)' },
    golden: [
      {
        id: 'tfm_b2_t6_d16',
        sizes: { B: 2, T: 6 },
        inputs: { x: 'x' },
        weights: Object.fromEntries(blockWeights.map((name) => [`open.${name}`, name])),
        outputs: { open: 'y' },
      },
    ],
  },
  { file: 'C15-optional-input', inputs: { x: 'f32(N)', factor: 'optional(f32(N))' }, absent: [['factor'], []] },
  { file: 'C17-captured-constant', inputs: { x: 'f32(N)' } },
  {
    file: 'C19-collatz',
    inputs: { n: 'i32(N)' },
    ranges: { n: [1, 30] },
    golden: [{ id: 'collatz_pub', sizes: { N: 4 }, inputs: { n: 'n' }, outputs: { steps: 'steps' } }],
  },
  { file: 'C21-swap', inputs: { a: 'f32(N)', b: 'f32(N)' } },
  {
    file: 'C23-broadcasting',
    inputs: { a: 'f32(7, 1)', b: 'f32(13)', c: 'f32(3, 4)', d: 'f32(4)' },
    golden: [
      {
        id: 'broadcast_3x4_4',
        sizes: {},
        inputs: { c: 'a', d: 'b' },
        outputs: { y: 'y' },
        given: { a: [1, 2, 3, 4, 5, 6, 7], b: Array.from({ length: 13 }, (_, i) => i - 6.5) },
      },
    ],
  },
  { file: 'C27-local-to-one-branch', inputs: { x: 'f32(N)' } },
  { file: 'C29-reassigned-in-a-loop', inputs: { x: 'f32(N)' } },
  { file: 'C31-runtime-check', inputs: { x: 'f32(N)' }, ranges: { x: [0.1, 3] } },
  { file: 'C33-two-results', inputs: { x: 'f32(N, 4)' }, ranges: { x: [0, 3] } },
  {
    file: 'while-double',
    inputs: { x: 'f32(N)' },
    ranges: { x: [1, 3] },
    golden: [{ id: 'while_double_0', sizes: { N: 3 }, inputs: { x: 'x' }, outputs: { y: 'y', count: 'count' } }],
  },
  {
    file: 'newton',
    inputs: { x: 'f32(N)' },
    ranges: { x: [0.1, 9] },
    golden: [{ id: 'newton_break_0', sizes: { N: 2 }, inputs: { x: 'x' }, outputs: { y: 'y', count: 'count' } }],
  },
  {
    file: 'continue-and-return',
    inputs: { x: 'f32(N, 2)' },
    golden: [{ id: 'continue_return_0', sizes: { N: 4 }, inputs: { x: 'x' }, outputs: { y: 'y', count: 'count' } }],
  },
  {
    file: 'floor-division',
    inputs: { a: 'i32(N)', b: 'i32(N)' },
    ranges: { b: [1, 5] },
    golden: [
      {
        id: 'floordiv_pub',
        sizes: { N: 3 },
        inputs: { a: 'a', b: 'b' },
        outputs: { floordiv: 'floordiv', mod: 'mod' },
      },
    ],
  },
]

/** Programs of the list that wait for a part of the language. */
export const later: readonly (readonly [id: string, reason: string])[] = [
  ['C25 gradient through loops and branches', 'grad'],
  ['C35 fixed-structure hierarchical model', 'probabilistic programs'],
  ['C37 HMC with run-time step count', 'grad and probabilistic programs'],
  ['C39 both branches of a sampled choice compiled', 'probabilistic programs'],
]

/** Programs on random numbers, then on those of reference values. */
export const programs: readonly Program[] = rows.flatMap((row) => {
  const { file, inputs, sizes, ranges, absent, slow, golden = [] } = row
  const module = readFileSync(new URL(`${file}.tsjit`, import.meta.url), 'utf8')
  const dims = Object.fromEntries([...module.matchAll(/dim\('(\w+)'/g)].map(([, name]) => [name, '']))
  const shared = { inputs, module, dims, ...(slow === undefined ? {} : { slow }) }
  const random: Program = {
    ...shared,
    name: file,
    ...(sizes === undefined ? {} : { sizes }),
    ...(ranges === undefined ? {} : { ranges }),
    ...(absent === undefined ? {} : { absent }),
  }
  return [random, ...golden.map((each): Program => ({ ...shared, ...goldenProgram(file, each) }))]
})

function goldenProgram(file: string, golden: Golden): Omit<Program, 'inputs' | 'module'> {
  const tensors = readGolden(golden.id)
  const find = (name: string): { readonly shape: readonly number[]; readonly data: readonly number[] } => {
    const found = tensors.get(name)
    if (found === undefined) throw new Error(`${golden.id} has no ${name}`)
    return found
  }
  const pick = (names: Readonly<Record<string, string>>): Record<string, readonly number[]> =>
    Object.fromEntries(
      Object.entries(names).map(([to, from]) => [to, find(from.startsWith('out.') ? from : `in.${from}`).data]),
    )
  const expected = Object.entries(golden.outputs).map(([to, from]) => [to, nested(find(`out.${from}`))])
  return {
    name: `${file}: ${golden.id}`,
    sizes: [golden.sizes],
    given: { ...golden.given, ...pick(golden.inputs) },
    weights: pick(golden.weights ?? {}),
    expected: Object.fromEntries(expected),
  }
}
