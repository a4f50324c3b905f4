// elementwise: arithmetic, comparisons, logic, dtypes, promotion

import type { Program } from '../program.ts'

const each = (names: readonly string[], argument: string): string =>
  `= ({ ${names.map((name) => `${name}: ${name}(${argument})`).join(', ')} })`

export const elementwise: readonly Program[] = [
  {
    name: 'functions of every number',
    inputs: { x: 'f32(B, 5)' },
    body: each(
      ['neg', 'abs', 'sign', 'exp', 'exp2', 'expm1', 'square', 'sin', 'cos', 'tan', 'atan', 'sinh', 'cosh', 'tanh', 'asinh', 'erf', 'floor', 'ceil', 'round', 'trunc', 'reciprocal'],
      'x',
    ),
  },
  {
    name: 'functions of positive numbers',
    inputs: { x: 'f32(B, 5)' },
    ranges: { x: [0.1, 3] },
    body: each(['log', 'log2', 'log10', 'log1p', 'sqrt', 'rsqrt'], 'x'),
  },
  { name: 'functions within one', inputs: { x: 'f32(N)' }, ranges: { x: [-0.95, 0.95] }, body: each(['asin', 'acos', 'atanh'], 'x') },
  { name: 'acosh', inputs: { x: 'f32(N)' }, ranges: { x: [1.1, 5] }, body: '= x.acosh()' },
  {
    name: 'special values',
    inputs: { x: 'f32(8)' },
    given: { x: [Infinity, -Infinity, NaN, 0, -0, 1e-30, 1e30, -1] },
    body: '= ({ nan: isNaN(x), inf: isInf(x), finite: isFinite(x), relu: relu(x), max: maximum(x, 0), min: minimum(x, 0), abs: abs(x), sign: sign(x), clip: clip(x, -1, 1), eq: eq(x, x), sigmoid: sigmoid(x), tanh: tanh(x), softplus: softplus(x), silu: silu(relu(x)), cast: cast(x, "i32"), sqrt: sqrt(x), log: log(x), exp: exp(x) })',
  },
  {
    name: 'activations',
    inputs: { x: 'f32(B, 6)' },
    ranges: { x: [-8, 8] },
    body: each(['relu', 'relu6', 'leakyRelu', 'gelu', 'sigmoid', 'logSigmoid', 'silu', 'softplus', 'softsign', 'elu', 'celu', 'selu', 'hardSigmoid', 'hardSwish', 'hardTanh', 'mish', 'thresholdedRelu', 'glu', 'softmax', 'logSoftmax'], 'x'),
  },
  {
    name: 'activations with options',
    inputs: { x: 'f32(B, 6)', slope: 'f32(6)' },
    body: '= ({ a: leakyRelu(x, 0.3), b: leakyRelu(x, { negativeSlope: 0.2 }), c: x.gelu({ approximate: "tanh" }), d: tj`elu(${x}, alpha=0.5)`, e: tj`hard_tanh(${x}, -0.5, 0.5)`, f: hardTanh(x, { min: -2 }), g: softplus(x, { beta: 2 }), h: hardSigmoid(x, { alpha: 0.2 }), i: prelu(x, slope), j: tj`glu(${x}, axis=1)`, k: celu(x, 2), l: tj`leaky_relu(${x}, negative_slope=0.1)`, m: softmax(x, { axis: 0 }), n: x.logSoftmax(0) })',
  },
  {
    name: 'binary functions',
    inputs: { x: 'f32(B, 1, 4)', y: 'f32(T, 1)' },
    body: each(['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'atan2', 'hypot', 'floorDiv', 'mod', 'fmod', 'eq', 'lt', 'ge'], 'x, y'),
  },
  {
    name: 'methods and numbers on either side',
    inputs: { x: 'f32(N)' },
    body: '= ({ a: x.add(1), b: add(1, x), c: sub(1, x), d: div(1, x), e: pow(2, x), f: x.pow(2), g: x.pow(3), h: maximum(0.5, x), i: x.mul(-1).abs().sqrt(), j: lerp(x, 1, 0.25), k: lerp(0, x, x), l: x.clip({ max: 0.5 }), m: x.clip(0), n: clip(x, neg(abs(x)), 0.5), o: x.sub(true) })',
  },
  {
    name: 'integer arithmetic',
    inputs: { a: 'i32(8)', b: 'i32(8)' },
    given: { a: [7, -7, 7, -7, 0, 5, -5, 2147483647], b: [3, 3, -3, -3, 5, 0, 0, 2] },
    body: '= tj`\n q = ${a} // ${b}\n r = ${a} % ${b}\n q, r, fmod(${a}, ${b}), ${a} / ${b}, ${a} + ${b}, ${a} * ${b}, -${a}, ${a} * 0.5, ${a} ** 2`',
    expected: { 0: [2, -3, -3, 2, 0, 0, 0, 1073741823], 8: [49, 49, 49, 49, 0, 25, 25, 1] },
  },
  {
    name: 'integers with numbers',
    inputs: { a: 'i32(N)', u: 'u32(N)' },
    body: '= ({ a: tj`${a} // 4`, b: tj`${a} % 4`, c: tj`${a} % -3`, d: tj`${u} // 3 * 3 + ${u} % 3`, e: tj`${u} / 2`, f: a.add(0.5), g: a.mul(2), h: u.sub(1).maximum(3), i: tj`${a} ** 3`, j: tj`2 ** ${u}`, k: tj`${a} // 2.5`, l: tj`7 // ${u}`, m: abs(a), n: sign(a), o: neg(a), p: mod(7, a), q: square(a), r: cast(a, "u32"), s: floor(a), t: relu(a), u: clip(a, -2, 2) })',
  },
  {
    name: 'negative powers of integers',
    inputs: { a: 'i32(5)' },
    given: { a: [1, -1, 2, -2, 3] },
    body: '= ({ x: tj`${a} ** -1`, y: pow(a, a), z: tj`${a} ** 0.5` })',
  },
  {
    name: 'bits',
    inputs: { a: 'i32(N)', u: 'u32(N)', s: 'i32(N)' },
    ranges: { a: [-100, 100], s: [0, 8] },
    body: '= ({ a: tj`${a} & 7`, b: tj`${a} | ${s}`, c: tj`~${a}`, d: bitwiseXor(a, s), e: shiftLeft(a, s), f: shiftRight(a, s), g: u.shiftRight(1), h: tj`~${u}`, i: a.bitwiseAnd(s).bitwiseOr(1), j: tj`shift_left(1, ${s})` })',
  },
  {
    name: 'shifts modulo the width',
    inputs: { a: 'i32(4)', s: 'i32(4)' },
    given: { a: [1, -8, 3, 5], s: [33, 32, 31, 40] },
    body: '= [shiftLeft(a, s), shiftRight(a, s)]',
  },
  {
    name: 'boolean algebra',
    inputs: { p: 'bool(N)', q: 'bool(N)', x: 'f32(N)' },
    body: '= ({ a: tj`${p} and ${q}`, b: tj`${p} or not ${q}`, c: tj`${p} & ${q} | ~${p}`, d: xor(p, q), e: p.not(), f: and(p, q), g: or(p, true), h: logicalAnd(x, p), i: logicalNot(x), j: tj`(${x} > 0) and (${x} < 1) or ${q}`, k: logicalXor(x, q), l: p.bitwiseXor(q), m: where(p, x, 0), n: where(q, 1, 0), o: where(p, 1.5, x), q: maskedFill(x, q, -Infinity), r: tj`${p} == ${q}`, s: tj`${p} != True` })',
  },
  {
    name: 'bools as numbers',
    inputs: { p: 'bool(B, 4)', x: 'f32(B, 4)', i: 'i32(B, 4)' },
    body: '= ({ a: tj`${p} + ${p}`, b: tj`${p} * ${x}`, c: tj`${p} * 2`, d: sum(p), e: mean(p), f: tj`${p} * 0.5`, g: cast(p, "f32"), h: cast(x, "bool"), i: tj`1 - ${p}`, j: tj`${p} + ${i}`, k: any(p, 1), l: all(p, 1), m: countNonzero(p), n: max(p, 1), o: tj`${p} / 2`, q: argmax(p, 1), r: cast(i, "bool"), s: p.mul(p), t: prod(p, 1), u: tj`${p} < ${i}` })',
  },
  {
    name: 'promotion',
    inputs: { f: 'f32(N)', i: 'i32(N)', u: 'u32(N)', b: 'bool(N)' },
    body: '= ({ a: add(f, i), b: add(f, u), c: add(i, b), d: mul(u, b), e: div(i, i), f: i.add(1), g: i.add(1.0), h: i.add(1.5), i: where(b, i, f), j: maximum(i, f), k: concat([f, cast(i, "f32")]), l: div(u, 2), m: exp(i), n: sqrt(u), o: mean(i), p: sum(u), q: max(i), r: softmax(cast(i, "f32")), s: sigmoid(b), t: eq(i, f), u: lt(u, 3.5) })',
  },
  {
    name: 'casts',
    inputs: { x: 'f32(9)' },
    given: { x: [0.5, -0.5, 1.9, -1.9, 3e9, -3e9, 5e9, NaN, 255.9] },
    body: '= ({ i: cast(x, "i32"), u: cast(x, "u32"), b: cast(x, "bool"), back: x.cast("i32").cast("f32") })',
    expected: { i: [0, 0, 1, -1, 2147483647, -2147483648, 2147483647, 0, 255], u: [0, 0, 1, 0, 3e9, 0, 4294967295, 0, 255] },
  },
  {
    name: 'small integers',
    inputs: { a: 'u8(N)', b: 'i8(N)' },
    body: '= ({ a: tj`${a} + ${a}`, b: tj`${b} * 2`, c: tj`${a} / 255`, d: cast(a, "f32"), e: sum(a), f: tj`${a} - 10`, g: cast(b, "i32"), h: max(b), i: tj`${a} + ${b}`, j: tj`-${b}`, k: cast(tj`${cast(a, "f32")} * 300`, "u8"), l: tj`~${a}`, m: shiftLeft(a, 4), n: shiftLeft(b, 9), o: tj`cast(${a} + ${a} * ${a}, "f32") / 2`, p: tj`cast(${cast(b, "f32")} * 2, "i8") + 1`, q: cast(cast(a, "i8"), "f32") })',
    ranges: { a: [0, 256], b: [-128, 128] },
  },
  { name: 'small integers in odd shapes', inputs: { a: 'u8(B, 3, H)' }, ranges: { a: [0, 256] }, body: '= ({ n: tj`(${a} / 255 - 0.5) / 0.25`, t: a.transpose(1, 2), s: tj`${a}[:, ::-1]` })' },
  { name: 'rounding', inputs: { x: 'f32(6)' }, given: { x: [0.5, 1.5, 2.5, -0.5, -1.5, 2.4] }, body: '= round(x)', expected: { output: [0, 2, 2, 0, -2, 2] } },
  { name: 'float floor division', inputs: { x: 'f32(6)', y: 'f32(6)' }, given: { x: [7.5, -7.5, 7.5, -7.5, 1, 6], y: [2, 2, -2, -2, 0.1, 3] }, body: '= tj`${x} // ${y}, ${x} % ${y}, fmod(${x}, ${y})`' },
  { name: 'power of negatives', inputs: { x: 'f32(N)' }, body: '= tj`${x} ** 2, ${x} ** 3, ${x} ** 0, ${x} ** 1, ${x} ** -1, ${x} ** -2, 2 ** ${x}, (${x} * ${x}) ** 0.5, ${x} ** 4.0`' },
  { name: 'half inputs', inputs: { x: 'f16(B, 4)', w: 'f16(4, 3)' }, body: '= ({ a: tj`${x} * 2 + 1`, b: softmax(x), c: x.matmul(w), d: cast(x, "f32"), e: sum(x, 1) })', tolerance: 2e-3 },
  { name: 'bf16 inputs', inputs: { x: 'bf16(B, 4)' }, body: '= ({ a: tj`${x} * 2 + 1`, d: cast(x, "f32"), e: mean(x, 1) })', tolerance: 1e-2 },
  { name: 'broadcast of rank zero', inputs: { s: 'f32()', x: 'f32(B, T)', i: 'i32()' }, body: '= tj`${x} * ${s} + ${i}`' },
  { name: 'scalars only', inputs: { a: 'f32()', b: 'f32()' }, body: '= ({ sum: tj`${a} + ${b}`, max: maximum(a, b), stack: stack([a, b]), sq: square(a).reshape([1, 1]) })' },
  { name: 'rank six', inputs: { x: 'f32(B, 2, T, 1, 3, 2)', y: 'f32(1, 2, 1, 4, 3, 1)' }, body: '= ({ s: tj`${x} + ${y}`, r: sum(x, [0, 2, 4]), p: permute(x, [5, 3, 1, 4, 2, 0]), m: mean(mul(x, y), [-1, 1], { keepDims: true }) })' },
  { name: 'dimensions as scalars', inputs: { x: 'f32(B, T)' }, body: 'const [b, t] = x.shape; return { a: tj`${x} / ${t}`, b: mul(x, b), c: tj`${x} * (${t} - 1) + ${b * 2}`, d: tj`${sum(x)} / (${b} * ${t})`, e: full([b], t), f: add(x, b / 2), g: tj`${x} / sqrt(${t})`, h: x.div(x.size) }' },
]
