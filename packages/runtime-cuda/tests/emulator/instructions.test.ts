// Instructions one by one, against what JavaScript computes, on inputs with the edges of each type.
import { expect, test } from 'vitest'
import { bits } from './support/numbers.ts'
import { describeEmulator, i32, ptxOf, type Emulator } from './support/open.ts'

process.env['TSJIT_EMU_QUIET'] = '1'

type Reference = (a: number, b: number, c: number) => number

const f = Math.fround
const u64 = (v: bigint) => BigInt.asUintN(64, v)
const words = [
  0, 1, 2, 31, 32, 33, 255, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff,
]
const floats = [0, -0, 1, -1, 1.5, 0.1, 3e-39, -1e-45, 1.1754944e-38, 3.4e38, -3.4e38, Infinity, -Infinity, NaN, 2 ** 31, -(2 ** 31), 2 ** 32, 0.5, 2.5, -3.5, 8388609, 1e10] // prettier-ignore

/** Three arrays with all pairs of the edges, and much else. */
function inputs<T extends Uint32Array | Float32Array>(
  edges: readonly number[],
  more: readonly T[],
  make: (values: number[]) => T,
): readonly T[] {
  const pairs = edges.flatMap((a) => edges.map((b) => [a, b] as const))
  return [
    make([...pairs.map(([a]) => a), ...more[0]!]),
    make([...pairs.map(([, b]) => b), ...more[1]!]),
    make([...pairs.map((_, i) => edges[(i * 7 + 3) % edges.length]!), ...more[2]!]),
  ]
}
const wholes = inputs(words, [bits(500, 1), bits(500, 2), bits(500, 3)], (v) => Uint32Array.from(v))
const scaled = (seed: number) => Float32Array.from(bits(500, seed), (v, i) => (v / 2 ** 31 - 1) * 10 ** ((i % 9) - 4))
const reals = inputs(floats, [scaled(4), scaled(5), scaled(6)], (v) =>
  Float32Array.from(v.map((x) => (Number.isNaN(x) ? NaN : x))),
)

// d = op(a, b, c) for all elements: registers %r0…%r2 or %f0…%f2 hold the inputs, %r3 or %f3 the result.
function apply(
  emulator: Emulator,
  body: string,
  arrays: readonly (Uint32Array | Float32Array)[],
  isFloat: boolean,
): Uint32Array {
  const n = arrays[0]!.length
  const load = arrays.map((_, i) => `ld.param.u64 %d1, [p${i}];\nadd.u64 %d1, %d1, %d0;\nld.global.b32 %r${i}, [%d1];\nmov.b32 %f${i}, %r${i};`) // prettier-ignore
  const text = `mov.u32 %r20, %tid.x;
mov.u32 %r21, %ctaid.x;
mad.lo.u32 %r20, %r21, 128, %r20;
ld.param.u32 %r22, [n];
setp.ge.u32 %p7, %r20, %r22;
@%p7 ret;
mul.wide.u32 %d0, %r20, 4;
${load.join('\n')}
${body}
${isFloat ? 'mov.b32 %r3, %f3;' : ''}
ld.param.u64 %d1, [out];
add.u64 %d1, %d1, %d0;
st.global.b32 [%d1], %r3;`
  const params = [...arrays.map((_, i) => `.param .u64 p${i}`), '.param .u64 out', '.param .u32 n'].join(', ')
  const kernel = emulator.entry(emulator.load(ptxOf(text, { params })), 'k')
  const out = emulator.alloc(n * 4)
  emulator.run(kernel, [Math.ceil(n / 128)], [128], [...arrays.map((a) => emulator.upload(a)), out, i32(n)])
  return emulator.read(out, new Uint32Array(n))
}

const s = (v: number) => v | 0
const clamp = (v: number, low: number, high: number) => Math.max(low, Math.min(high, v))
const shl: Reference = (a, b) => (b > 31 ? 0 : a << b)
const byte = (v: number, i: number) => (v >>> (8 * i)) & 0xff
const prmt: Reference = (a, b, c) => {
  let out = 0
  for (let i = 0; i < 4; i++) {
    const select = (c >>> (4 * i)) & 15
    const from = select & 4 ? byte(b, select & 3) : byte(a, select & 3)
    out |= (select & 8 ? (from & 0x80 ? 0xff : 0) : from) << (8 * i)
  }
  return out
}
const bfe =
  (isSigned: boolean): Reference =>
  (a, b, c) => {
    const [from, length] = [b & 0xff, c & 0xff]
    const sign = isSigned && length > 0 ? (a >>> Math.min(from + length - 1, 31)) & 1 : 0
    let out = 0
    for (let i = 0; i < 32; i++) {
      const bit = i < length && from + i < 32 ? (a >>> (from + i)) & 1 : sign
      out |= bit << i
    }
    return out
  }

const wholeCases: Readonly<Record<string, Reference>> = {
  'add.s32 %r3, %r0, %r1': (a, b) => a + b,
  'sub.s32 %r3, %r0, %r1': (a, b) => a - b,
  'mul.lo.s32 %r3, %r0, %r1': (a, b) => Math.imul(a, b),
  'mul.hi.u32 %r3, %r0, %r1': (a, b) => Number((BigInt(a) * BigInt(b)) >> 32n),
  'mul.hi.s32 %r3, %r0, %r1': (a, b) => Number((BigInt(s(a)) * BigInt(s(b))) >> 32n),
  'mad.lo.u32 %r3, %r0, %r1, %r2': (a, b, c) => Math.imul(a, b) + c,
  'mad.hi.s32 %r3, %r0, %r1, %r2': (a, b, c) => Number((BigInt(s(a)) * BigInt(s(b))) >> 32n) + c,
  'div.u32 %r3, %r0, %r1': (a, b) => (b === 0 ? -1 : Math.floor(a / b)),
  'div.s32 %r3, %r0, %r1': (a, b) => (b === 0 ? -1 : Math.trunc(s(a) / s(b))),
  'rem.u32 %r3, %r0, %r1': (a, b) => (b === 0 ? a : a % b),
  'rem.s32 %r3, %r0, %r1': (a, b) => (b === 0 ? a : s(a) % s(b)),
  'min.s32 %r3, %r0, %r1': (a, b) => Math.min(s(a), s(b)),
  'min.u32 %r3, %r0, %r1': (a, b) => Math.min(a, b),
  'max.s32 %r3, %r0, %r1': (a, b) => Math.max(s(a), s(b)),
  'max.u32 %r3, %r0, %r1': (a, b) => Math.max(a, b),
  'abs.s32 %r3, %r0': (a) => Math.abs(s(a)),
  'neg.s32 %r3, %r0': (a) => -a,
  'add.sat.s32 %r3, %r0, %r1': (a, b) => clamp(s(a) + s(b), -(2 ** 31), 2 ** 31 - 1),
  'sub.sat.s32 %r3, %r0, %r1': (a, b) => clamp(s(a) - s(b), -(2 ** 31), 2 ** 31 - 1),
  'sad.s32 %r3, %r0, %r1, %r2': (a, b, c) => c + Math.abs(s(a) - s(b)),
  'mul24.lo.u32 %r3, %r0, %r1': (a, b) => Math.imul(a & 0xffffff, b & 0xffffff),
  'and.b32 %r3, %r0, %r1': (a, b) => a & b,
  'or.b32 %r3, %r0, %r1': (a, b) => a | b,
  'xor.b32 %r3, %r0, %r1': (a, b) => a ^ b,
  'not.b32 %r3, %r0': (a) => ~a,
  'cnot.b32 %r3, %r0': (a) => (a === 0 ? 1 : 0),
  'shl.b32 %r3, %r0, %r1': shl,
  'shr.u32 %r3, %r0, %r1': (a, b) => (b > 31 ? 0 : a >>> b),
  'shr.s32 %r3, %r0, %r1': (a, b) => s(a) >> Math.min(b, 31),
  'shf.l.wrap.b32 %r3, %r0, %r1, %r2': (a, b, c) => Number(u64(((BigInt(b) << 32n) | BigInt(a)) << BigInt(c & 31)) >> 32n), // prettier-ignore
  'shf.r.clamp.b32 %r3, %r0, %r1, %r2': (a, b, c) => Number(BigInt.asUintN(32, ((BigInt(b) << 32n) | BigInt(a)) >> BigInt(Math.min(c, 32)))), // prettier-ignore
  'lop3.b32 %r3, %r0, %r1, %r2, 0xCA': (a, b, c) => (a & b) | (~a & c),
  'lop3.b32 %r3, %r0, %r1, %r2, 0x96': (a, b, c) => a ^ b ^ c,
  'prmt.b32 %r3, %r0, %r1, %r2': prmt,
  'bfe.u32 %r3, %r0, %r1, %r2': bfe(false),
  'bfe.s32 %r3, %r0, %r1, %r2': bfe(true),
  'bfi.b32 %r3, %r0, %r1, 5, 9': (a, b) => (b & ~(511 << 5)) | ((a & 511) << 5),
  'popc.b32 %r3, %r0': (a) => [...a.toString(2)].filter((bit) => bit === '1').length,
  'clz.b32 %r3, %r0': (a) => Math.clz32(a),
  'bfind.u32 %r3, %r0': (a) => 31 - Math.clz32(a),
  'bfind.s32 %r3, %r0': (a) => 31 - Math.clz32(s(a) < 0 ? ~a : a),
  'brev.b32 %r3, %r0': (a) => Number.parseInt([...a.toString(2).padStart(32, '0')].toReversed().join(''), 2),
  'dp4a.u32.u32 %r3, %r0, %r1, %r2': (a, b, c) => [0, 1, 2, 3].reduce((sum, i) => sum + byte(a, i) * byte(b, i), c),
  'set.lt.u32.s32 %r3, %r0, %r1': (a, b) => (s(a) < s(b) ? -1 : 0),
  'slct.s32.s32 %r3, %r0, %r1, %r2': (a, b, c) => (s(c) >= 0 ? a : b),
  'setp.hi.u32 %p0, %r0, %r1;\nselp.b32 %r3, %r2, 7, %p0': (a, b, c) => (a > b ? c : 7),
  'setp.lt.and.s32 %p0|%p1, %r0, %r1, %p2;\nselp.b32 %r3, 1, 0, %p1': (a, b) => (s(a) >= s(b) ? 1 : 0),
  'cvt.u16.u32 %h0, %r0;\ncvt.s32.s16 %r3, %h0': (a) => (a << 16) >> 16,
  'cvt.s32.s8 %r3, %r0': (a) => (a << 24) >> 24,
  'cvt.sat.u8.s32 %r3, %r0': (a) => clamp(s(a), 0, 255),
  'cvt.s64.s32 %d2, %r0;\nshr.s64 %d2, %d2, 5;\ncvt.u32.u64 %r3, %d2': (a) => s(a) >> 5,
  'mul.wide.s32 %d2, %r0, %r1;\nshr.u64 %d2, %d2, 20;\ncvt.u32.u64 %r3, %d2': (a, b) =>
    Number(BigInt.asUintN(32, (BigInt(s(a)) * BigInt(s(b))) >> 20n)),
  'mov.b64 %d2, {%r0, %r1};\nmov.b64 {%r4, %r3}, %d2': (_, b) => b,
  'mov.b32 {%h0, %h1}, %r0;\nmov.b32 %r3, {%h1, %h0}': (a) => (a << 16) | (a >>> 16),
  'add.cc.u32 %r4, %r0, %r1;\naddc.u32 %r3, %r2, 0': (a, b, c) => c + (a + b > 0xffffffff ? 1 : 0),
  'sub.cc.u32 %r4, %r0, %r1;\nsubc.u32 %r3, %r2, 0': (a, b, c) => c - (a < b ? 1 : 0),
  'mad.lo.cc.u32 %r4, %r0, %r1, %r2;\nmadc.hi.u32 %r3, %r0, %r1, 0': (a, b, c) => Number((BigInt(a) * BigInt(b) + BigInt(c)) >> 32n), // prettier-ignore
}

const less: Reference = (a, b) => (a < b || Object.is(a, -0) ? a : b)
const realCases: Readonly<Record<string, Reference>> = {
  'add.rn.f32 %f3, %f0, %f1': (a, b) => f(a + b),
  'sub.f32 %f3, %f0, %f1': (a, b) => f(a - b),
  'mul.f32 %f3, %f0, %f1': (a, b) => f(a * b),
  'div.rn.f32 %f3, %f0, %f1': (a, b) => f(a / b),
  'rcp.rn.f32 %f3, %f0': (a) => f(1 / a),
  'sqrt.rn.f32 %f3, %f0': (a) => f(Math.sqrt(a)),
  'rsqrt.approx.f32 %f3, %f0': (a) => f(1 / Math.sqrt(a)),
  'neg.f32 %f3, %f0': (a) => -a,
  'abs.f32 %f3, %f0': (a) => Math.abs(a),
  'min.f32 %f3, %f0, %f1': (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a === b ? less(a, b, 0) : Math.min(a, b)), // prettier-ignore
  'max.f32 %f3, %f0, %f1': (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b)),
  'min.NaN.f32 %f3, %f0, %f1': (a, b) => Math.min(a, b),
  'copysign.f32 %f3, %f0, %f1': (a, b) => Math.abs(b) * (a < 0 || Object.is(a, -0) ? -1 : 1),
  'cvt.rni.f32.f32 %f3, %f0': (a) => evenRound(a),
  'cvt.rmi.f32.f32 %f3, %f0': Math.floor,
  'cvt.rpi.f32.f32 %f3, %f0': Math.ceil,
  'cvt.rzi.f32.f32 %f3, %f0': Math.trunc,
  'cvt.sat.f32.f32 %f3, %f0': (a) => (a > 0 ? Math.min(a, 1) : 0),
  'add.ftz.f32 %f3, %f0, 0f00000000': (a) => (Math.abs(a) < 2 ** -126 ? 0 : a),
  'cvt.f64.f32 %g0, %f0;\nadd.rn.f64 %g0, %g0, 0d3FF0000000000000;\ncvt.rn.f32.f64 %f3, %g0': (a) => f(a + 1),
  'cvt.rn.f16.f32 %h0, %f0;\ncvt.f32.f16 %f3, %h0': (a) => toHalf(a),
  'cvt.rn.bf16.f32 %h0, %f0;\ncvt.f32.bf16 %f3, %h0': (a) => toBrain(a),
  'cvt.rn.f16x2.f32 %r4, %f0, %f1;\nmov.b32 {%h0, %h1}, %r4;\ncvt.f32.f16 %f3, %h1': (a) => toHalf(a),
  'setp.ltu.f32 %p0, %f0, %f1;\nselp.f32 %f3, 0f3F800000, 0f00000000, %p0': (a, b) => (a >= b ? 0 : 1),
  'setp.ne.f32 %p0, %f0, %f1;\nselp.f32 %f3, 0f3F800000, 0f00000000, %p0': (a, b) => (a === b || Number.isNaN(a + b) && (Number.isNaN(a) || Number.isNaN(b)) ? 0 : 1), // prettier-ignore
  'setp.nan.f32 %p0, %f0, %f1;\nselp.f32 %f3, 0f3F800000, 0f00000000, %p0': (a, b) => (Number.isNaN(a) || Number.isNaN(b) ? 1 : 0), // prettier-ignore
  'set.gt.f32.f32 %f3, %f0, %f1': (a, b) => (a > b ? 1 : 0),
  'mul.rz.f32 %f3, %f0, %f1': (a, b) => directed(a * b, 0),
  'mul.rp.f32 %f3, %f0, %f1': (a, b) => directed(a * b, 1),
  'mul.rm.f32 %f3, %f0, %f1': (a, b) => directed(a * b, -1),
}

// To a float, towards zero (0), up (1) or down (-1), of a number that a double holds exactly.
function directed(value: number, way: number): number {
  const near = f(value)
  if (near === value || Number.isNaN(value)) return near
  const isAbove = near > value
  const wantsBelow = way === -1 || (way === 0 && value > 0)
  if (isAbove !== wantsBelow) return near
  if (near === 0) return Math.sign(value) * 2 ** -149
  const word = new Int32Array(new Float32Array([near]).buffer)
  word[0]! += near > 0 === isAbove ? -1 : 1
  return new Float32Array(word.buffer)[0]!
}
function evenRound(a: number): number {
  if (!Number.isFinite(a) || Math.abs(a) >= 2 ** 23) return a
  const low = Math.floor(a)
  const rounded = a - low > 0.5 || (a - low === 0.5 && low % 2 !== 0) ? low + 1 : low
  return rounded === 0 && (a < 0 || Object.is(a, -0)) ? -0 : rounded
}
function toHalf(a: number): number {
  if (!Number.isFinite(a) || a === 0) return a
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(a))), -14)
  const unit = 2 ** (exponent - 10)
  const rounded = evenRound(a / unit) * unit
  return Math.abs(rounded) > 65504 ? Math.sign(a) * Infinity : rounded
}
function toBrain(a: number): number {
  if (Number.isNaN(a)) return a
  const word = new Uint32Array(new Float32Array([a]).buffer)
  word[0] = ((word[0]! + 0x7fff + ((word[0]! >>> 16) & 1)) & 0xffff0000) >>> 0
  return new Float32Array(word.buffer)[0]!
}

const toWholeCases: Readonly<Record<string, Reference>> = {
  'cvt.rzi.s32.f32 %r3, %f0': (a) => (Number.isNaN(a) ? 0 : clamp(Math.trunc(a), -(2 ** 31), 2 ** 31 - 1)),
  'cvt.rni.s32.f32 %r3, %f0': (a) => (Number.isNaN(a) ? 0 : clamp(evenRound(a), -(2 ** 31), 2 ** 31 - 1)),
  'cvt.rzi.u32.f32 %r3, %f0': (a) => (Number.isNaN(a) ? 0 : clamp(Math.trunc(a), 0, 2 ** 32 - 1)),
  'cvt.rmi.s64.f32 %d2, %f0;\ncvt.u32.u64 %r3, %d2': (a) =>
    Number.isNaN(a) ? 0 : Number(BigInt.asUintN(32, floorWide(a))),
}
function floorWide(a: number): bigint {
  if (a >= 2 ** 63) return 2n ** 63n - 1n
  return a <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.floor(a))
}

await describeEmulator('instructions', (emulator) => {
  const wholeList = (values: Iterable<number>) => [
    ...Uint32Array.from(values, (v) => Number(BigInt.asUintN(32, BigInt(v)))),
  ]

  for (const [body, reference] of Object.entries(wholeCases)) {
    test(body.replaceAll('\n', ' '), () => {
      const [a, b, c] = wholes as readonly [Uint32Array, Uint32Array, Uint32Array]
      const actual = apply(emulator, `setp.eq.u32 %p2, 0, 0;\n${body};`, wholes, false)
      expect([...actual]).toEqual(wholeList(Array.from(a, (v, i) => reference(v, b[i]!, c[i]!))))
    })
  }
  for (const [body, reference] of Object.entries(toWholeCases)) {
    test(body.replaceAll('\n', ' '), () => {
      const actual = apply(emulator, `${body};`, reals, false)
      expect([...actual]).toEqual(wholeList(Array.from(reals[0]!, (v) => reference(v, 0, 0))))
    })
  }
  for (const [body, reference] of Object.entries(realCases)) {
    test(body.replaceAll('\n', ' '), () => {
      const [a, b, c] = reals as readonly [Float32Array, Float32Array, Float32Array]
      const actual = new Float32Array(apply(emulator, `${body};`, reals, true).buffer)
      expect([...actual]).toEqual(Array.from(a, (v, i) => reference(v, b[i]!, c[i]!)))
    })
  }

  test('multiply-add rounds once', () => {
    // (1 + 2^-12)² - 1 - 2^-11 = 2^-24, which a product that is rounded loses
    const [a, c] = [new Float32Array(4).fill(1 + 2 ** -12), new Float32Array(4).fill(-1 - 2 ** -11)]
    const actual = new Float32Array(apply(emulator, 'fma.rn.f32 %f3, %f0, %f0, %f1;', [a, c], true).buffer)
    expect([...actual]).toEqual([2 ** -24, 2 ** -24, 2 ** -24, 2 ** -24])
  })

  test('approximations are as good as the numbers allow', () => {
    const x = Float32Array.from({ length: 200 }, (_, i) => (i + 1) / 16)
    const cases: readonly (readonly [string, (v: number) => number])[] = [
      ['ex2.approx.f32', (v) => 2 ** v],
      ['lg2.approx.f32', Math.log2],
      ['sin.approx.f32', Math.sin],
      ['cos.approx.f32', Math.cos],
      ['tanh.approx.f32', Math.tanh],
      ['rcp.approx.ftz.f32', (v) => 1 / v],
    ]
    for (const [name, reference] of cases) {
      const actual = new Float32Array(apply(emulator, `${name} %f3, %f0;`, [x], true).buffer)
      for (const [i, v] of x.entries()) {
        const expected = reference(v)
        expect(Math.abs(actual[i]! - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(1e-7)
      }
    }
  })
})
