// cases: which program runs on which case of reference values, and what of it is compared with what

/** A case. Names on the left are the program's, dotted where they nest; on the right those of the case. */
export interface Case {
  readonly id: string
  /** Relative to this folder. */
  readonly file: string
  /** The name of the export. */
  readonly model: string
  /** Inputs of the case, or elements with a shape of their own. */
  readonly weights?: Readonly<Record<string, string | Constant>>
  /** Runs of one instance, in order. */
  readonly runs: readonly Run[]
  /** Weights after the last run. */
  readonly state?: Readonly<Record<string, string>>
  /** Outputs of the case that are gradients, which no program here computes. */
  readonly gradients?: readonly string[]
}

/** A weight that a case does not have. */
export interface Constant {
  readonly dtype: 'F32' | 'I64'
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

/** One run. */
export interface Run {
  readonly inputs: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, string>>
  readonly mode?: 'eval' | 'train'
}

const same = (names: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, name]))
const filled = (size: number, value: number): Constant => ({
  dtype: 'F32',
  shape: [size],
  data: Array.from({ length: size }, () => value),
})
const untouched: Constant = { dtype: 'I64', shape: [], data: [0] }
const pairs = (names: readonly string[]): readonly string[] => names.flatMap((n) => [`${n}.weight`, `${n}.bias`])
const under = (prefix: string, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [`${prefix}${name}`, name]))
const gradientsOf = (names: readonly string[]): readonly string[] => names.map((name) => `grad_${name}`)

const spadeParts = pairs(['mlp_shared', 'mlp_gamma', 'mlp_beta'])
const blockParts = pairs(['ln1', 'qkv', 'proj', 'ln2', 'fc1', 'fc2'])
const cnnParts = pairs(['conv1', 'bn1', 'conv2', 'fc'])
const cellParts = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh']

/** A case of control flow, whose programs are those of ../public-programs. */
const flow = (id: string, file: string, inputs: string, outputs: Run['outputs'], gradients?: string[]): Case => ({
  id,
  file: `../public-programs/${file}.tsjit`,
  model: 'm',
  runs: [{ inputs: same(inputs), outputs }],
  ...(gradients && { gradients }),
})

const one = (id: string, file: string, model: string, inputs: string, outputs: string, gradients?: string[]): Case => ({
  id,
  file: `programs/${file}.tsjit`,
  model,
  runs: [{ inputs: same(inputs), outputs: same(outputs) }],
  ...(gradients && { gradients }),
})

/** All cases. */
export const cases: readonly Case[] = [
  flow('if_sum_0', 'C01-branch-on-a-sum', 'x', { output: 'y' }, ['gx']),
  flow('if_sum_1', 'C01-branch-on-a-sum', 'x', { output: 'y' }, ['gx']),
  flow('while_double_0', 'while-double', 'x', same('y count'), ['gx']),
  flow('range_shape_0', 'C05-bound-from-a-shape', 'x', { output: 'y' }, ['gx']),
  flow('tuple_unroll_0', 'C03-literal-tuple', 'x', { output: 'y' }, ['gx']),
  flow('newton_break_0', 'newton', 'x', same('y count')),
  flow('continue_return_0', 'continue-and-return', 'x', same('y count')),
  flow('collatz_pub', 'C19-collatz', 'n', same('steps')),
  flow('floordiv_pub', 'floor-division', 'a b', same('floordiv mod truncdiv rem')),
  {
    ...one('lstm_basic', 'lstm', 'recurrent', 'x h0 c0', 'out hT cT', [
      ...gradientsOf(['x', 'h0', 'c0', ...cellParts]),
    ]),
    weights: under('cell.', cellParts),
  },
  one('pass_fusion_linear_relu', 'passes', 'fusion', 'x W b', 'y'),
  one('pass_constfold_sqrt64', 'passes', 'constant', 'x', 'y'),
  one('pass_dce', 'passes', 'dead', 'x', 'y'),
  one('pass_algebra_identity', 'passes', 'identity', 'x', 'y'),
  one('pass_memory_chain', 'passes', 'chain', 'x W', 'y'),
  one(
    'unary_public',
    'numerics',
    'unary',
    'x',
    'sigmoid gelu_erf softplus relu log1p_abs erf round_half_even trunc rsqrt_abs elu',
  ),
  one(
    'reduce_4x6',
    'numerics',
    'reductions',
    'x',
    'softmax log_softmax logsumexp sum mean var_unbiased var_biased max cumsum argmax',
  ),
  one('broadcast_3x4_4', 'numerics', 'broadcast', 'a b', 'y', ['ga', 'gb']),
  {
    id: 'dropout_p0.5',
    file: 'programs/dropout.tsjit',
    model: 'masked',
    runs: [
      { inputs: same('x mask'), outputs: { out: 'train_out' }, mode: 'train' },
      { inputs: same('x mask'), outputs: { out: 'eval_out', all: 'eval_out', none: 'eval_out' }, mode: 'eval' },
    ],
    gradients: ['train_gx', 'eval_gx'],
  },
  {
    id: 'bn_basic',
    file: 'programs/batch-norm.tsjit',
    model: 'norm',
    weights: {
      ...under('bn.', ['weight', 'bias']),
      'bn.running_mean': 'running_mean0',
      'bn.running_var': 'running_var0',
      'bn.num_batches_tracked': untouched,
    },
    runs: [
      { inputs: { x: 'x1' }, outputs: { y: 'train_y1' }, mode: 'train' },
      { inputs: { x: 'x2' }, outputs: { y: 'train_y2' }, mode: 'train' },
      { inputs: { x: 'x3' }, outputs: { y: 'eval_y3' }, mode: 'eval' },
    ],
    state: under('bn.', ['running_mean', 'running_var', 'num_batches_tracked']),
    gradients: ['train_gx', 'train_gweight', 'train_gbias', 'eval_gx', 'eval_gweight', 'eval_gbias'],
  },
  {
    ...one('spade_instance', 'spade', 'instance', 'x segmap', 'y', ['gx', 'gsegmap', ...gradientsOf(spadeParts)]),
    weights: under('spade.', spadeParts),
  },
  {
    id: 'conv2d_basic',
    file: 'programs/conv2d.tsjit',
    model: 'conv2d',
    weights: { 'conv.weights': 'weights' },
    runs: [{ inputs: same('x'), outputs: { correct: 'out_correct', literal: 'out_blog_literal' } }],
    gradients: ['gx', 'gw'],
  },
  {
    ...one('tfm_b2_t6_d16', 'transformer', 'block', 'x', 'y', ['gx', ...gradientsOf(blockParts)]),
    weights: under('block.', blockParts),
  },
  {
    id: 'cnn_12x12_b4',
    file: 'programs/small-cnn.tsjit',
    model: 'cnn',
    weights: {
      ...under('', cnnParts),
      'bn1.running_mean': filled(8, 0),
      'bn1.running_var': filled(8, 1),
      'bn1.num_batches_tracked': untouched,
    },
    runs: [{ inputs: same('x target'), outputs: same('logits loss'), mode: 'train' }],
    state: { 'bn1.running_mean': 'running_mean', 'bn1.running_var': 'running_var' },
    gradients: ['gx', ...gradientsOf(cnnParts)],
  },
]
