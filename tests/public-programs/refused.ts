// refused: programs that must be refused, the code, and the very text that the diagnostic points at

/** One program. */
export interface Refused {
  readonly title: string
  /** The body of `forward({ x, y, s })`, or a whole module where it begins with an import. */
  readonly text: string
  readonly code: string
  readonly place: string
  /** What the diagnostic says, in part: the message, the help or a related place. */
  readonly says: string
}

/** Programs of the list; numbers are those of the list. */
export const refused: readonly Refused[] = [
  {
    title: 'R02 pop from a list while iterating it',
    text: 'const ns = [1, 2, 3, 4]; let o = 0; for (const n of ns) { o += n; ns.pop() } return tj`${x} + ${o}`',
    code: 'source_mutates_iterated',
    place: 'ns.pop()',
    says: 'ns',
  },
  {
    title: 'R02 splice',
    text: 'const ns = [1, 2]; for (const n of ns) ns.splice(0, 1); return x',
    code: 'source_mutates_iterated',
    place: 'ns.splice(0, 1)',
    says: 'ns',
  },
  {
    title: 'R02 length',
    text: 'const ns = [1, 2]; for (const n of ns) ns.length = 1; return x',
    code: 'source_mutates_iterated',
    place: 'ns.length',
    says: 'ns',
  },
  {
    title: 'R02 index write',
    text: 'const ns = [1, 2]; for (const n of ns) ns[0] = n + 1; return x',
    code: 'source_mutates_iterated',
    place: 'ns[0]',
    says: 'ns',
  },
  {
    title: 'R04 branches assign different types',
    text: 'let y; if (sum(x) > 0) y = 1; else y = x; return y',
    code: 'source_tensor_condition',
    place: 'sum(x) > 0',
    says: 'y = cond(tj`${sum(x)} > 0`, () => 1, () => x)',
  },
  {
    title: 'R04 as branches of cond',
    text: 'return cond(tj`sum(${x}) > 0`, () => 1, () => x)',
    code: 'flow_branch_types_differ',
    place: 'x',
    says: 'the number 1 and f32[N]',
  },
  {
    title: 'R06 a path without return',
    text: 'if (sum(x) > 0) { return x }',
    code: 'source_tensor_condition',
    place: 'sum(x) > 0',
    says: 'return cond(tj`${sum(x)} > 0`, () => x, () => …)',
  },
  {
    title: 'R06 a branch of cond without return',
    text: 'return cond(tj`sum(${x}) > 0`, () => { return x }, () => { const t = relu(x) })',
    code: 'flow_branch_types_differ',
    place: '() => { const t = relu(x) }',
    says: 'f32[N] and nothing',
  },
  {
    title: 'R06 a static path without return',
    text: 'const f = (depth: number, v: Tensor) => { if (depth > 2) { return v } }; f(1, x)',
    code: 'source_no_return',
    place: '}',
    says: 'forward',
  },
  {
    title: 'R08 loop-carried shape change',
    text: 'return whileLoop(x, (v) => tj`sum(${v}) < 100`, (v) => concat([v, v]))',
    code: 'flow_loop_carry_changed',
    place: 'concat([v, v])',
    says: 'f32[N] before the turn and f32[2*N] after it',
  },
  {
    title: 'R10 a list of numbers and tensors used as one tensor',
    text: 'const l: (number | Tensor)[] = []; l.push(1); l.push(x); return stack(l as Tensor[])',
    code: 'shape_mismatch',
    place: 'stack(l as Tensor[])',
    says: 'f32[N]',
  },
  {
    title: 'R12 destructuring arity',
    text: 'const [a, b] = [1, 2, 3] as const; return x',
    code: 'source_destructure_arity',
    place: '[a, b]',
    says: '3',
  },
  {
    title: 'R14 capture of a mutable outer variable',
    text: `import { f32, model, tj } from '@tsjit/dsl'
let s = 2
export const m = model({ inputs: { x: f32(2) }, forward: ({ x }) => tj\`\${x} * \${s}\` })`,
    code: 'source_unsupported_module_level',
    place: 'let s = 2',
    says: 'const',
  },
  {
    title: 'R16 host randomness',
    text: 'return tj`${x} + ${Math.random()}`',
    code: 'source_nondeterministic',
    place: 'random',
    says: 'random',
  },
  {
    title: 'R16 the clock',
    text: 'return tj`${x} + ${Date.now()}`',
    code: 'source_nondeterministic',
    place: 'Date.now',
    says: 'Date',
  },
  {
    title: 'R18 eval',
    text: "return eval('x+1')",
    code: 'source_unsupported_syntax',
    place: "eval('x+1')",
    says: 'eval',
  },
  {
    title: 'R20 recursion',
    text: `import { type Tensor, cond, f32, model, tj } from '@tsjit/dsl'
const factorial = (n: Tensor): Tensor => cond(tj\`\${n} < 2\`, () => 1, () => tj\`\${n} * \${factorial(tj\`\${n} - 1\`)}\`)
export const m = model({ inputs: { n: f32() }, forward: ({ n }) => factorial(n) })`,
    code: 'source_unbounded_recursion',
    place: 'factorial(tj`${n} - 1`)',
    says: 'factorial → ',
  },
  {
    title: 'R22 rest parameters of unknown length',
    text: `import { f32, model } from '@tsjit/dsl'
export const m = model({ inputs: { x: f32(2) }, forward: (...xs) => xs[0].x })`,
    code: 'source_rest_inputs',
    place: '...xs',
    says: 'inputs',
  },
  {
    title: 'R24 a value of type any',
    text: `import { f32, model } from '@tsjit/dsl'
const f = (x: any) => x.foo
export const m = model({ inputs: { x: f32(2) }, forward: ({ x }) => x })`,
    code: 'source_any_type',
    place: 'x: any',
    says: 'any',
  },
  {
    title: 'R26 a misspelt option',
    text: 'return softmax(x, { axsi: 0 })',
    code: 'option_unknown',
    place: 'axsi',
    says: 'did you mean `axis`?',
  },
  {
    title: 'R28 incompatible broadcast',
    text: 'return tj`${zeros([3, 4])} + ${zeros([3])}`',
    code: 'shape_mismatch',
    place: '${zeros([3, 4])} + ${zeros([3])}',
    says: 'f32[3, 4] and f32[3]',
  },
  {
    title: 'R30 a shape that depends on data',
    text: 'const k = sum(x); return zeros([k as never])',
    code: 'shape_data_dependent',
    place: '[k as never]',
    says: 'the size is computed here',
  },
  {
    title: 'R32 a tensor and a string',
    text: "return x + 'a'",
    code: 'source_tensor_string',
    place: "'a'",
    says: 'string',
  },
  {
    title: 'R34 an in-place write',
    text: 'let y = exp(x); y += 1; return sum(y)',
    code: 'source_tensor_operator',
    place: 'y += 1',
    says: 'y = tj`${y} + 1`',
  },
  {
    title: 'R36 a window larger than the padded input',
    text: 'return conv2d(zeros([1, 3, 3, 3]), zeros([4, 3, 5, 5]))',
    code: 'shape_window',
    place: 'conv2d(zeros([1, 3, 3, 3]), zeros([4, 3, 5, 5]))',
    says: '5',
  },
]

/** Programs of the list that wait for a part of the language. */
export const laterRefused: readonly (readonly [id: string, reason: string])[] = [
  ['R38 duplicate sample site', 'probabilistic programs'],
  ['R40 number of sample sites depends on a sampled value, under HMC', 'probabilistic programs'],
]
