// random: the meaning of random numbers, from random bits

import { elementsOf, axisOf, sizeAt } from '../types/shape.ts'
import { sub } from '../types/dim.ts'
import type { Dim } from '../types/dim.ts'
import { type Shape, TensorBase } from '../types/tensor-type.ts'
import { type Words, philox, spread } from '../primitives/philox.ts'
import { type Bound, type Family, operation } from './definition.ts'
import type { NamedRandom } from './groups/random.ts'
import { asTensor, castTo, lift, reshaped, stretch, toFloat } from './operands.ts'
import type { Operand } from './signature.ts'

const shape = { name: 'shape', kind: 'shape' } as const

/** The meaning of every distribution. */
export const random: Family<NamedRandom<TensorBase, Dim>> = {
  'random.uniform': operation({
    params: [
      shape,
      { name: 'low', kind: 'tensor-or-number', default: 0 },
      { name: 'high', kind: 'tensor-or-number', default: 1 },
    ],
    define: (t, { shape: wanted, low, high }) => {
      const unit = unitOf(t, bits(t, wanted)[0])
      if (low === 0 && high === 1) return unit
      const [from, to] = [low, high].map((x) => floatOf(t, 'random.uniform', x, wanted))
      return t.add(t.mul(unit, t.sub(to ?? 1, from ?? 0)), from ?? 0)
    },
  }),
  'random.normal': operation({
    params: [
      shape,
      { name: 'mean', kind: 'tensor-or-number', default: 0 },
      { name: 'deviation', kind: 'tensor-or-number', default: 1 },
    ],
    define: (t, { shape: wanted, mean, deviation }) => {
      const standard = t.mul(inverseErf(t, symmetricOf(t, bits(t, wanted)[0])), Math.SQRT2)
      const scaled = deviation === 1 ? standard : t.mul(standard, floatOf(t, 'random.normal', deviation, wanted))
      return mean === 0 ? scaled : t.add(scaled, floatOf(t, 'random.normal', mean, wanted))
    },
  }),
  'random.bernoulli': operation({
    params: [
      { name: 'probability', kind: 'tensor-or-number' },
      { name: 'shape', kind: 'shape', optional: true },
    ],
    define: (t, { probability, shape: wanted }) => {
      const size = wanted ?? (probability instanceof TensorBase ? probability.shape : [])
      const threshold = floatOf(t, 'random.bernoulli', probability, size)
      return t.lt(unitOf(t, bits(t, size)[0]), threshold)
    },
  }),
  'random.categorical': operation({
    params: [
      { name: 'probabilities', kind: 'tensor' },
      { name: 'axis', kind: 'axis', default: -1 },
    ],
    define: (t, { probabilities, axis }) => {
      const x = castTo(t, toFloat(t, probabilities), 'f32')
      const at = axisOf('random.categorical', axis, x.shape.length)
      const classes = sizeAt(x.shape, at)
      const sums = t.cumsum(x, at)
      const total = t.slice(sums, { axes: at, start: sub(classes, 1) })
      const point = t.mul(unitOf(t, bits(t, total.shape)[0]), total)
      // a class without probability adds nothing to the sum, and so is never the first beyond the point
      const passed = t.sum(castTo(t, t.le(sums, point), 'i32'), at)
      return t.minimum(passed, sub(classes, 1))
    },
  }),
  'random.randint': operation({
    params: [
      { name: 'low', kind: 'tensor-or-number' },
      { name: 'high', kind: 'tensor-or-number' },
      { name: 'shape', kind: 'shape', default: [] },
    ],
    define: (t, { low, high, shape: wanted }) => {
      const [from, to] = [low, high].map((x) => stretch(t, lift(t, 'random.randint', x, 'i32'), wanted))
      if (from === undefined || to === undefined) throw new Error('internal: both bounds are there')
      const count = castTo(t, t.emit('sub', [to, from], {}), 'u32')
      const word = t.emit('mulHigh', [bits(t, wanted)[0], count], {})
      return t.emit('add', [from, castTo(t, word, 'i32')], {})
    },
  }),
  'random.permutation': operation({
    params: [{ name: 'n', kind: 'size' }],
    // places in the order of random words, of which two are hardly ever the same
    define: (t, { n }) => t.argsort(bits(t, [n])[0], 0),
  }),
}

/** Returns random words in a shape: a counter an element. */
function bits(t: Bound, shape: Shape): Words {
  const { key, counter } = t.draw()
  const places = castTo(t, t.emit('iota', [], { length: elementsOf(shape) }), 'u32')
  const [site, ...path] = counter.map((word) => spread(t.emit, word, shape))
  const [a = places, b = places] = path
  return philox(t.emit, [reshaped(t, places, shape), site ?? places, a, b], key)
}

/** A multiple of 2 ** -24 in [0, 1). */
function unitOf(t: Bound, word: TensorBase): TensorBase {
  return t.mul(castTo(t, t.shiftRight(word, 8), 'f32'), 2 ** -24)
}

/** An odd multiple of 2 ** -23 in (-1, 1), so that both signs are equally likely and neither end is met. */
function symmetricOf(t: Bound, word: TensorBase): TensorBase {
  const odd = t.add(t.mul(castTo(t, t.shiftRight(word, 9), 'f32'), 2), 1)
  return t.sub(t.mul(odd, 2 ** -23), 1)
}

/** Each by falling power: around the middle in w - 2.5, in the tails in sqrt(w) - 3. */
const middle = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
]
const tails = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
]

/** The inverse of erf, to single precision: the polynomials of M. Giles, "Approximating the erfinv function" (2010). */
function inverseErf(t: Bound, x: TensorBase): TensorBase {
  // the product keeps what x * x would round away near 1
  const w = t.neg(t.log(t.mul(t.sub(1, x), t.add(1, x))))
  const inMiddle = horner(t, middle, t.sub(w, 2.5))
  const inTails = horner(t, tails, t.sub(t.sqrt(w), 3))
  return t.mul(t.where(t.lt(w, 5), inMiddle, inTails), x)
}

function horner(t: Bound, coefficients: readonly number[], x: TensorBase): TensorBase {
  const [first = 0, ...rest] = coefficients
  return rest.reduce<TensorBase>((sum, next) => t.add(t.mul(sum, x), next), t.fullLike(x, first))
}

function floatOf(t: Bound, op: string, x: Operand, shape: Shape): TensorBase {
  const number = typeof x === 'number' || typeof x === 'boolean' ? lift(t, op, Number(x), 'f32') : asTensor(t, op, x)
  const float = castTo(t, number, 'f32')
  // a tensor of more axes than the shape is refused as in any other operation
  return stretch(t, float, shape)
}
