// traps: where compilers of models go wrong without a word, and the test that watches each
//
// `tests` name a file and a test in it, or a program of tests/language. What has no gradients yet says so.

/** A way to be silently wrong. */
export interface Trap {
  readonly what: string
  readonly tests: readonly (readonly [file: string, name: string])[]
}

const program = (file: string, name: string): readonly [string, string] => [`tests/language/programs/${file}.ts`, name]
const gpus = (name: string): readonly [string, string] => ['tests/support/affine-tests.ts', name]
const gpu = (file: string, name: string): readonly [string, string] => [`packages/runtime-webgpu/tests/${file}`, name]
const compiler = (file: string, name: string): readonly [string, string] => [`packages/compiler/${file}`, name]
const calls = ['tests/traps/traps.test.ts', 'each call decides for itself'] as const
const callsOnDevice = ['tests/traps/traps.device.test.ts', 'each call decides for itself'] as const
const random = compiler('tests/random-wasm.test.ts', 'programs with control flow')
const randomOnDevice = compiler('tests/random.device.test.ts', 'programs with control flow')
const randomOnLanes = compiler('tests/random-lanes.test.ts', 'programs with control flow %s')

/** All of them. */
export const traps: readonly Trap[] = [
  {
    what: 'the buffer of a result is used again by the next call',
    tests: [
      gpus('results outlive later runs, read or not, and the instance'),
      ['packages/runtime-wasm/tests/run.test.ts', 'runs, again and again, and keeps what it returned'],
    ],
  },
  { what: 'a number of the app is taken at the first call and kept', tests: [calls, callsOnDevice] },
  { what: 'a branch is taken at the first call and kept', tests: [calls, callsOnDevice] },
  {
    what: 'a pad or a view keeps the size of the first call',
    tests: [calls, callsOnDevice, program('shapes', 'pads of dimensions')],
  },
  {
    what: 'what is written over is not written when a program runs again',
    tests: [calls, callsOnDevice, program('loops', 'swapping carries')],
  },
  {
    what: 'a dispatch reads the uniform of another',
    tests: [gpus('computes, at any size, growing and shrinking'), randomOnDevice],
  },
  {
    what: 'inputs that are not bound again leave old results',
    tests: [
      gpus('a result feeds another program'),
      gpu('run.device.test.ts', 'a result feeds a program on another device'),
      calls,
    ],
  },
  {
    what: 'the index of an element overflows',
    tests: [
      gpu('run.device.test.ts', 'more scratch or workgroups than the device allows are refused with the numbers'),
      ['packages/runtime-wasm/tests/run.test.ts', 'more memory than WebAssembly has is refused with its size'],
    ],
  },
  { what: 'f16 is accumulated as f16', tests: [program('nasty', 'half precision rows')] },
  {
    what: 'a rewrite of integer division that does not hold for every number',
    tests: [
      ['packages/dsl/src/types/dim.test.ts', 'decides comparisons only where every value agrees'],
      compiler('src/5-codegen/wgsl/print-wgsl.test.ts', 'quotients: a shift for powers of two'),
      program('elementwise', 'integer arithmetic'),
    ],
  },
  { what: 'a fused kernel differs from its ops', tests: [random, randomOnDevice, randomOnLanes] },
  {
    what: 'NaN from the branch that is not taken (its gradient: no gradients yet)',
    tests: [program('branches', 'branches of which one is poison')],
  },
  { what: 'a softmax of a row that is masked whole', tests: [program('reductions', 'rows of minus infinity')] },
  {
    what: 'infinities and NaN as constants of WGSL',
    tests: [
      compiler('src/5-codegen/wgsl/print-wgsl.test.ts', 'constants of every kind'),
      gpu('run.device.test.ts', 'NaN and infinities pass through'),
    ],
  },
  { what: 'a reduction over what only fills up a block', tests: [program('nasty', 'odd sizes of rows')] },
  {
    what: 'axes of size 0',
    tests: [
      program('forms', 'zero rows products'),
      program('loops', 'scan over a dimension that may be 0'),
      gpus('zero rows give empty results'),
    ],
  },
  { what: 'more than 65,535 groups along an axis', tests: [program('nasty', 'more groups than one axis of a grid')] },
  {
    what: 'more storage buffers than a kernel may bind',
    tests: [
      program('nasty', 'many weights'),
      compiler('tests/support/flow-tests.ts', 'a stack without rows, beside more buffers than one kernel binds'),
    ],
  },
  {
    what: 'one buffer is bound twice, and written',
    tests: [program('loops', 'the same tensor twice in a carry'), randomOnLanes],
  },
  {
    what: 'one buffer is bound for reading and for writing',
    tests: [
      compiler('src/5-codegen/wgsl/print-wgsl.test.ts', 'access is by binding; a transient that is only read is bound'),
      randomOnDevice,
    ],
  },
  {
    what: 'buffers begin where a binding may not',
    tests: [compiler('src/4-schedule/order-transients.test.ts', 'no two buffers that are alive together overlap')],
  },
  {
    what: 'truth values are bytes here and words there',
    tests: [
      gpu('run.device.test.ts', 'bytes, halves and truth values cross the boundary'),
      program('nasty', 'bool outputs of odd sizes'),
    ],
  },
  {
    what: 'a float that no integer holds becomes one',
    tests: [
      program('elementwise', 'casts'),
      ['packages/dsl/tests/operations.test.ts', 'wraps integers, saturates casts'],
    ],
  },
  { what: 'a carry starts as an integer and becomes a float', tests: [program('loops', 'numbers in carries')] },
  {
    what: 'a scan of length 0 or 1, or in reverse; a loop whose test fails at once',
    tests: [
      program('loops', 'scan of length 1 and 0'),
      program('loops', 'scan in reverse'),
      program('loops', 'whileLoop without turns'),
      calls,
    ],
  },
  {
    what: 'what a scan reads from outside counts once a turn (its gradient: no gradients yet)',
    tests: [program('loops', 'weights in a loop')],
  },
  {
    what: 'random numbers depend on the target, or on what else is drawn',
    tests: [
      ['packages/host/tests/load.test.ts', 'a seed draws the same numbers for a weight whatever else there is'],
      gpus('a seed draws the same weights every time, and they can be saved'),
    ],
  },
  {
    what: 'the device is lost between two calls',
    tests: [gpu('lifetime.device.test.ts', 'a lost device of its own is replaced at the next call, weights included')],
  },
  {
    what: 'two programs on one device',
    tests: [gpu('lifetime.device.test.ts', 'models share one device of their own, also after the last was disposed')],
  },
  {
    what: 'two calls in flight',
    tests: [
      gpus('calls in flight do not disturb one another, even when the app reuses its array'),
      calls,
      callsOnDevice,
    ],
  },
]
