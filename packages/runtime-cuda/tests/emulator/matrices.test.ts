// Products of matrices by a warp, matrices from shared memory, halves.
import { expect, test } from 'vitest'
import { bits, floatToHalf, numbers, worst } from './support/numbers.ts'
import { describeEmulator, i32, ptxOf } from './support/open.ts'

process.env['TSJIT_EMU_QUIET'] = '1'

const half = (v: number) => floatToHalf(v)
const brain = (v: number) => new Uint32Array(Float32Array.of(v).buffer)[0]! >>> 16
const float = (v: number) => new Uint32Array(Float32Array.of(v).buffer)[0]!

// The fragments of the PTX manual: which element of A, B or C a lane holds in element e of its registers.
const laneGroup = (lane: number) => lane >> 2
const inGroup = (lane: number) => lane & 3
/** Rows and columns for elements of `per` to a register. */
function placeA(lane: number, e: number, per: number): readonly [row: number, column: number] {
  const reg = Math.floor(e / per)
  return [laneGroup(lane) + 8 * (reg & 1), (reg >> 1) * 4 * per + inGroup(lane) * per + (e % per)]
}
function placeB(lane: number, e: number, per: number): readonly [row: number, column: number] {
  return [Math.floor(e / per) * 4 * per + inGroup(lane) * per + (e % per), laneGroup(lane)]
}
const placeC = (lane: number, e: number) => [laneGroup(lane) + 8 * (e >> 1), inGroup(lane) * 2 + (e & 1)] as const

/** Registers of all lanes, register by register, from elements of a matrix. */
function fragment(count: number, per: number, element: (lane: number, e: number) => number): Uint32Array {
  const width = 32 / per
  const out = new Uint32Array(count * 32)
  for (let lane = 0; lane < 32; lane++) {
    for (let e = 0; e < count * per; e++) {
      const mask = width === 32 ? 0xffffffff : 2 ** width - 1
      out[Math.floor(e / per) * 32 + lane]! |= (element(lane, e) & mask) << (width * (e % per))
    }
  }
  return out
}

interface Case {
  readonly name: string
  readonly k: number
  readonly per: number
  readonly pack: (v: number) => number
  /** Numbers that the type holds exactly, so that sums are exact too. */
  readonly value: (v: number) => number
  readonly isWhole?: true
}
const small = (v: number) => Math.round(v * 8) / 8
const cases: readonly Case[] = [
  { name: 'm16n8k16.row.col.f32.f16.f16.f32', k: 16, per: 2, pack: half, value: small },
  { name: 'm16n8k8.row.col.f32.f16.f16.f32', k: 8, per: 2, pack: half, value: small },
  { name: 'm16n8k16.row.col.f32.bf16.bf16.f32', k: 16, per: 2, pack: brain, value: small },
  { name: 'm16n8k8.row.col.f32.tf32.tf32.f32', k: 8, per: 1, pack: float, value: small },
  { name: 'm16n8k4.row.col.f32.tf32.tf32.f32', k: 4, per: 1, pack: float, value: small },
  { name: 'm16n8k32.row.col.s32.s8.s8.s32', k: 32, per: 4, pack: (v) => v, value: (v) => Math.round(v * 127), isWhole: true }, // prettier-ignore
  { name: 'm16n8k16.row.col.s32.s8.s8.s32', k: 16, per: 4, pack: (v) => v, value: (v) => Math.round(v * 127), isWhole: true }, // prettier-ignore
]

await describeEmulator('matrices', (emulator) => {
  for (const { name, k, per, pack, value, isWhole } of cases) {
    test(`mma ${name}`, () => {
      const [a, b, c] = [numbers(16 * k, 1), numbers(k * 8, 2), numbers(16 * 8, 3)].map((list) =>
        Array.from(list, value),
      )
      const blocks = k / (4 * per)
      const [na, nb] = [2 * blocks, blocks]
      const regs = [
        ...fragment(na, per, (lane, e) => {
          const [row, column] = placeA(lane, e, per)
          return pack(a![row * k + column]!)
        }),
        ...fragment(nb, per, (lane, e) => {
          const [row, column] = placeB(lane, e, per)
          return pack(b![row * 8 + column]!)
        }),
        ...fragment(4, 1, (lane, e) => {
          const [row, column] = placeC(lane, e)
          return isWhole ? c![row * 8 + column]! : float(c![row * 8 + column]!)
        }),
      ]
      const names = (from: number, count: number) =>
        `{${Array.from({ length: count }, (_, i) => `%r${from + i}`).join(', ')}}`
      const total = na + nb + 4
      // The accumulators are of type f32 where results are.
      const sums = isWhole ? names(na + nb, 4) : '{%f0, %f1, %f2, %f3}'
      const move = (to: string) => [0, 1, 2, 3].map((i) => (to === 'f' ? `mov.b32 %f${i}, %r${na + nb + i};` : `mov.b32 %r${na + nb + i}, %f${i};`)).join('\n') // prettier-ignore
      const body = `ld.param.u64 %d0, [p];
mov.u32 %r30, %tid.x;
mul.wide.u32 %d1, %r30, 4;
add.u64 %d0, %d0, %d1;
${Array.from({ length: total }, (_, i) => `ld.global.u32 %r${i}, [%d0+${i * 128}];`).join('\n')}
${isWhole ? '' : move('f')}
mma.sync.aligned.${name} ${sums}, ${names(0, na)}, ${names(na, nb)}, ${sums};
${isWhole ? '' : move('r')}
${[0, 1, 2, 3].map((i) => `st.global.u32 [%d0+${i * 128}], %r${na + nb + i};`).join('\n')}`
      const memory = emulator.upload(Uint32Array.from(regs))
      emulator.run(emulator.entry(emulator.load(ptxOf(body)), 'k'), [1], [32], [memory])
      const out = emulator.read(memory, isWhole ? new Int32Array(128) : new Float32Array(128))
      const actual = new Float64Array(128)
      for (let lane = 0; lane < 32; lane++) {
        for (let e = 0; e < 4; e++) {
          const [row, column] = placeC(lane, e)
          actual[row * 8 + column] = out[e * 32 + lane]!
        }
      }
      const expected = Array.from({ length: 128 }, (_, i) => {
        let sum = c![i]!
        for (let l = 0; l < k; l++) sum += a![(i >> 3) * k + l]! * b![l * 8 + (i & 7)]!
        return sum
      })
      expect([...actual]).toEqual(expected)
    })
  }

  for (const [count, isTransposed] of [
    [1, false],
    [2, true],
    [4, false],
    [4, true],
  ] as const) {
    test(`ldmatrix of ${count}${isTransposed ? ', transposed' : ''}, and back`, () => {
      const x = new Uint16Array(64 * count).map((_, i) => i + 1)
      const regs = `{${Array.from({ length: count }, (_, i) => `%r${i}`).join(', ')}}`
      const trans = isTransposed ? '.trans' : ''
      const body = `ld.param.u64 %d0, [p];
mov.u32 %r20, %tid.x;
mul.wide.u32 %d1, %r20, 16;
mov.u32 %r21, sm;
shl.b32 %r22, %r20, 4;
add.u32 %r21, %r21, %r22;
setp.lt.u32 %p0, %r20, ${count * 8};
add.u64 %d2, %d0, %d1;
@%p0 ld.global.v4.u32 {%r4, %r5, %r6, %r7}, [%d2];
@%p0 st.shared.v4.u32 [%r21], {%r4, %r5, %r6, %r7};
bar.sync 0;
ldmatrix.sync.aligned.m8n8.x${count}${trans}.shared.b16 ${regs}, [%r21];
bar.sync 0;
mul.wide.u32 %d1, %r20, 4;
add.u64 %d2, %d0, %d1;
${Array.from({ length: count }, (_, i) => `st.global.u32 [%d2+${128 * (count + i)}], %r${i};`).join('\n')}
stmatrix.sync.aligned.m8n8.x${count}${trans}.shared.b16 [%r21], ${regs};
bar.sync 0;
mul.wide.u32 %d1, %r20, 16;
add.u64 %d2, %d0, %d1;
@%p0 ld.shared.v4.u32 {%r4, %r5, %r6, %r7}, [%r21];
@%p0 st.global.v4.u32 [%d2], {%r4, %r5, %r6, %r7};`
      const before = '.shared .align 16 .b8 sm[512];'
      const memory = emulator.upload(Uint16Array.from([...x, ...x]))
      emulator.run(emulator.entry(emulator.load(ptxOf(body, { before, target: 'sm_90' })), 'k'), [1], [32], [memory])
      const out = emulator.read(memory, new Uint16Array(128 * count))
      expect([...out.subarray(0, 64 * count)]).toEqual([...x])
      const expected = x.map((_, i) => {
        const [matrix, lane, e] = [i >> 6, (i >> 1) & 31, i & 1]
        const [far, near] = [lane >> 2, (lane & 3) * 2 + e]
        return x[matrix * 64 + (isTransposed ? near * 8 + far : far * 8 + near)]!
      })
      expect([...out.subarray(64 * count)]).toEqual([...expected])
    })
  }

  test('copies of fewer bytes than their size are filled with zeros', () => {
    const body = `ld.param.u64 %d0, [p];
mov.u32 %r0, 6;
mov.u32 %r1, sm;
cp.async.ca.shared.global [%r1], [%d0], 8, %r0;
cp.async.cg.shared.global [%r1+16], [%d0], 16, 0;
cp.async.ca.shared.global.L2::128B [%r1+32], [%d0+4], 4;
cp.async.wait_all;
ld.shared.v2.u32 {%r2, %r3}, [%r1];
ld.shared.u32 %r4, [%r1+28];
ld.shared.u32 %r5, [%r1+32];
st.global.v4.u32 [%d0], {%r2, %r3, %r4, %r5};`
    const memory = emulator.upload(Uint32Array.of(0x11223344, 0x55667788, 3, 4))
    const kernel = emulator.entry(emulator.load(ptxOf(body, { before: '.shared .align 16 .b8 sm[64];' })), 'k')
    emulator.run(kernel, [1], [1], [memory])
    expect([...emulator.read(memory, new Uint32Array(4))]).toEqual([0x11223344, 0x7788, 0, 0x55667788])
  })

  test('halves: arithmetic of nvcc', () => {
    const n = 1000
    // Without infinities and NaN, so that each result is one number.
    const values = (seed: number) => Uint16Array.from(bits(n, seed), (v) => ((v & 0xffff) & 0x7c00) === 0x7c00 ? v & 0x83ff : v & 0xffff) // prettier-ignore
    const [x, y, z] = [values(1), values(2), values(3)] as const
    const out = emulator.alloc(n * 16)
    const module = emulator.fixture('halves')
    const uploaded = [x, y, z].map((list) => emulator.upload(list))
    emulator.run(emulator.entry(module, 'halves'), [4], [256], [...uploaded, out, i32(n)])
    const actual = emulator.read(out, new Uint16Array(n * 8))
    const references: readonly ((a: number, b: number, c: number) => number)[] = [
      (a, b) => a + b,
      (a, b) => a * b,
      (a, b, c) => a * b + c,
      (a, b) => a - b,
      (a, b) => Math.max(a, b),
      (a) => -Math.abs(a),
    ]
    for (const [r, reference] of references.entries()) {
      const expected = Array.from(x, (v, i) => halfToFloat(half(reference(halfToFloat(v), halfToFloat(y[i]!), halfToFloat(z[i]!))))) // prettier-ignore
      expect([...actual.subarray(r * n, (r + 1) * n)].map(halfToFloat), `operation ${r}`).toEqual(expected)
    }
    const chosen = Array.from(x, (v, i) => (halfToFloat(v) < halfToFloat(y[i]!) ? v : y[i]!))
    expect([...actual.subarray(7 * n)]).toEqual(chosen)
    emulator.run(emulator.entry(module, 'pairs'), [2], [256], [uploaded[0]!, uploaded[1]!, out, i32(n / 2)])
    const pairs = [...emulator.read(out, new Uint16Array(n))].map(halfToFloat)
    expect(pairs).toEqual(Array.from(x, (v, i) => halfToFloat(half(halfToFloat(v) * halfToFloat(y[i]!) + 0.5))))
  })

  test('brain floats: arithmetic of nvcc', () => {
    const n = 500
    const values = (seed: number) => Uint16Array.from(numbers(n, seed, 100), brain)
    const [x, y, z] = [values(4), values(5), values(6)] as const
    const wide = (v: number) => new Float32Array(Uint32Array.of(v << 16).buffer)[0]!
    const out = emulator.alloc(n * 8)
    emulator.run(emulator.entry(emulator.fixture('halves'), 'brains'), [2], [256], [...[x, y, z].map((list) => emulator.upload(list)), out, i32(n)]) // prettier-ignore
    const actual = Float32Array.from(emulator.read(out, new Uint16Array(n * 4)), wide)
    // Eight bits, rounded once: ties to even.
    const nearest = (v: number) => {
      if (v === 0) return v
      const unit = 2 ** (Math.floor(Math.log2(Math.abs(v))) - 7)
      const low = Math.floor(v / unit)
      const rest = v / unit - low
      return (rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low) * unit
    }
    const part = (r: number) => actual.subarray(r * n, (r + 1) * n)
    expect(
      worst(
        part(0),
        Array.from(x, (v, i) => nearest(wide(v) + wide(y[i]!))),
      ),
    ).toBe(0)
    expect(
      worst(
        part(1),
        Array.from(x, (v, i) => nearest(wide(v) * wide(y[i]!))),
      ),
    ).toBe(0)
    expect(
      worst(
        part(2),
        Array.from(x, (v, i) => nearest(wide(v) * wide(y[i]!) + wide(z[i]!))),
      ),
    ).toBeLessThan(64)
    expect(
      worst(
        part(3),
        Array.from(x, (v) => nearest(wide(v) / 3)),
      ),
    ).toBe(0)
  })
})

function halfToFloat(h: number): number {
  const [exponent, fraction] = [(h >> 10) & 31, h & 1023]
  const sign = h & 0x8000 ? -1 : 1
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}
