// Products of warpgroups: where their matrices lie, when they happen, and what is missing around them.
import { describe, expect, test } from 'vitest'
import { floatToHalf, numbers } from './support/numbers.ts'
import { describeEmulator, ptxOf } from './support/open.ts'

process.env['TSJIT_EMU_QUIET'] = '1'

const illegalAddress = 700
const launchFailed = 719

type Type = 'f16' | 'bf16' | 'tf32'
/** How a matrix lies in shared memory: along k or along its rows, in lines of so many bytes; 16: not swizzled. */
interface Order {
  readonly along: 'k' | 'rows'
  readonly width: 16 | 32 | 64 | 128
}
const k = (width: Order['width']): Order => ({ along: 'k', width })
const rows = (width: Order['width']): Order => ({ along: 'rows', width })

const slabs = 2 // of 32 bytes along k: one product each
const bytesOf = (type: Type) => (type === 'tf32' ? 4 : 2)
const depthOf = (type: Type) => (slabs * 32) / bytesOf(type)

/** A matrix of `count` rows of A, or columns of B: its bytes, strides, and how far its slabs are apart. */
function layout({ along, width }: Order, count: number, type: Type) {
  const depth = depthOf(type)
  const size = bytesOf(type)
  const pattern = 8 * width
  const isPlain = width === 16
  // A column of lines holds all of k, or all rows of 32 bytes and more.
  const [leading, stride] =
    along === 'k'
      ? [isPlain ? 128 : 0, isPlain ? 128 * 4 : pattern]
      : isPlain
        ? [128, 128 * (depth / 8)]
        : [pattern * (depth / 8), pattern]
  const at = (row: number, column: number): number => {
    const flat =
      along === 'k'
        ? (row % 8) * width +
          Math.floor(row / 8) * stride +
          Math.floor((column * size) / width) * (isPlain ? leading : count * width) +
          ((column * size) % width)
        : ((row * size) % width) +
          Math.floor((row * size) / width) * (isPlain ? stride : leading) +
          (column % 8) * width +
          Math.floor(column / 8) * (isPlain ? leading : stride)
    return flat ^ ((flat >> 3) & (width - 16))
  }
  const slab =
    along === 'rows' ? 2 * (isPlain ? leading : stride) : isPlain ? 2 * leading : width > 32 ? 32 : count * 32
  const held = along === 'k' ? count * Math.max(slabs * 32, width) : Math.ceil((count * size) / width) * width * depth
  const bytes = Math.ceil(held / 1024) * 1024
  return { at, leading, stride, slab, bytes }
}

interface Descriptor {
  readonly start?: number
  readonly leading?: number
  readonly stride?: number
  readonly base?: number
  readonly width?: Order['width']
}
function descriptor({ start = 0, leading = 0, stride = 0, base = 0, width = 16 }: Descriptor): bigint {
  const mode = { 16: 0n, 128: 1n, 64: 2n, 32: 3n }[width]
  const part = (bytes: number, bit: bigint) => BigInt(bytes >> 4) << bit
  return part(start, 0n) | part(leading, 16n) | part(stride, 32n) | (BigInt(base) << 49n) | (mode << 62n)
}

interface Kernel {
  readonly type?: Type
  readonly n?: number
  readonly a?: Order
  readonly b?: Order
  readonly adds?: boolean
  readonly scales?: readonly [number, number]
  /** Replaces parts of the text: what is planted. */
  readonly edit?: (body: string) => string
  readonly descriptorA?: Descriptor
  readonly shared?: string
}

const list = (name: string, count: number) => Array.from({ length: count }, (_, i) => `%${name}${i}`).join(', ')

/** Copies an image of A and B to shared memory, multiplies slab by slab, and stores the accumulators of each thread. */
function kernelOf({
  type = 'bf16',
  n = 8,
  a = k(128),
  b = k(128),
  adds = true,
  scales = [1, 1],
  edit,
  descriptorA,
  shared,
}: Kernel = {}) {
  const [first, second] = [layout(a, 64, type), layout(b, n, type)]
  const image = Math.ceil((first.bytes + second.bytes) / 2048) * 2048
  const orders = type === 'tf32' ? '' : `, ${a.along === 'k' ? 0 : 1}, ${b.along === 'k' ? 0 : 1}`
  const inB = descriptor({ ...second, start: first.bytes, width: b.width })
  const multiply = (slab: number) => `add.u64 %d5, %d3, ${(slab * first.slab) >> 4};
add.u64 %d6, %d4, ${(slab * second.slab) >> 4};
wgmma.mma_async.sync.aligned.m64n${n}k${32 / bytesOf(type)}.f32.${type}.${type} {${list('acc', n / 2)}}, %d5, %d6, %p1, ${scales.join(', ')}${orders};`
  const body = `.reg .f32 %acc<${n / 2}>;
ld.param.u64 %d0, [p];
ld.param.u64 %d8, [q];
mov.u32 %r0, %tid.x;
mov.u32 %r1, sm;
shl.b32 %r2, %r0, 4;
cvt.u64.u32 %d1, %r2;
add.u64 %d1, %d0, %d1;
add.u32 %r3, %r1, %r2;
mov.u32 %r4, 0;
$copy:
ld.global.v4.u32 {%r5, %r6, %r7, %r8}, [%d1];
st.shared.v4.u32 [%r3], {%r5, %r6, %r7, %r8};
add.u64 %d1, %d1, 2048;
add.u32 %r3, %r3, 2048;
add.u32 %r4, %r4, 2048;
setp.lt.u32 %p0, %r4, ${image};
@%p0 bra $copy;
${Array.from({ length: n / 2 }, (_, i) => `mov.f32 %acc${i}, 0f42C80000;`).join('\n')}
cvt.u64.u32 %d2, %r1;
shr.u64 %d2, %d2, 4;
add.u64 %d3, %d2, ${descriptor(descriptorA ?? { ...first, width: a.width })};
add.u64 %d4, %d2, ${inB};
setp.ne.u32 %p1, ${adds ? 1 : 0}, 0;
fence.proxy.async.shared::cta;
bar.sync 0;
wgmma.fence.sync.aligned;
${multiply(0)}
${adds ? '' : 'setp.eq.u32 %p1, 0, 0;'}
${multiply(1)}
wgmma.commit_group.sync.aligned;
wgmma.wait_group.sync.aligned 0;
mul.wide.u32 %d1, %r0, ${n * 2};
add.u64 %d1, %d8, %d1;
${Array.from({ length: n / 2 }, (_, i) => `st.global.f32 [%d1+${4 * i}], %acc${i};`).join('\n')}`
  const ptx = ptxOf(edit?.(body) ?? body, {
    params: '.param .u64 p, .param .u64 q',
    before: shared ?? '.extern .shared .align 1024 .b8 sm[];',
    target: 'sm_90a',
  }).replace('7.8', '8.0')
  return { ptx, image, first, second }
}

const bitsOf = (type: Type, v: number) =>
  type === 'f16' ? floatToHalf(v) : new Uint32Array(Float32Array.of(v).buffer)[0]! >>> (type === 'bf16' ? 16 : 0)
const whole = (count: number, seed: number) => Array.from(numbers(count, seed, 5), Math.round)

await describeEmulator('wgmma', (emulator) => {
  /** Runs on matrices of whole numbers and returns the result with A, B and the product of both. */
  function run(options: Kernel) {
    const { type = 'bf16', n = 8 } = options
    const { ptx, image, first, second } = kernelOf(options)
    const depth = depthOf(type)
    const [a, b] = [whole(64 * depth, 1), whole(n * depth, 2)]
    const bytes = new Uint8Array(image)
    const view = new DataView(bytes.buffer)
    const put = (at: number, v: number) =>
      type === 'tf32' ? view.setUint32(at, bitsOf(type, v), true) : view.setUint16(at, bitsOf(type, v), true)
    for (const [i, v] of a.entries()) put(first.at(Math.floor(i / depth), i % depth), v)
    for (const [i, v] of b.entries()) put(first.bytes + second.at(Math.floor(i / depth), i % depth), v)
    const kernel = emulator.entry(emulator.load(ptx), 'k')
    emulator.must('cuFuncSetAttribute', kernel, 8, 64 << 10)
    const out = emulator.zeros(64 * n)
    emulator.run(kernel, [1], [128], [emulator.upload(bytes), out], options.shared === undefined ? image : 0)
    const registers = emulator.read(out, new Float32Array(64 * n))
    const actual: number[] = []
    for (let thread = 0; thread < 128; thread++) {
      for (let r = 0; r < n / 2; r++) {
        const row = 16 * (thread >> 5) + ((thread & 31) >> 2) + 8 * ((r >> 1) & 1)
        const column = 8 * (r >> 2) + 2 * (thread & 3) + (r & 1)
        actual[row * n + column] = registers[thread * (n / 2) + r]!
      }
    }
    const product = (from: number, to: number) =>
      Array.from({ length: 64 * n }, (_, i) => {
        let sum = 0
        for (let l = from; l < to; l++) sum += a[Math.floor(i / n) * depth + l]! * b[(i % n) * depth + l]!
        return sum
      })
    return { actual, product, depth }
  }

  function faultOf(options: Kernel = {}, threads = 128) {
    const { ptx, image } = kernelOf(options)
    const line = (text: string) => ptx.split('\n').findIndex((each) => each.includes(text)) + 1
    const kernel = emulator.entry(emulator.load(ptx), 'k')
    const data = emulator.upload(new Uint8Array(image))
    const [result, text] = emulator.fault(kernel, [1], [threads], [data, emulator.zeros(64 * 8)], image)
    return { result, text, line }
  }

  describe('products', () => {
    const cases: readonly (readonly [type: Type, n: number, a: Order, b: Order])[] = [
      ['bf16', 128, k(128), k(128)],
      ['f16', 64, k(64), k(64)],
      ['bf16', 8, k(32), k(32)],
      ['f16', 256, k(16), k(16)],
      ['f16', 64, rows(128), rows(128)],
      ['bf16', 128, rows(64), rows(64)],
      ['f16', 256, rows(32), rows(32)],
      ['bf16', 8, rows(16), rows(16)],
      ['bf16', 24, k(128), rows(32)],
      ['f16', 64, rows(128), k(64)],
      ['bf16', 128, k(64), rows(128)],
      ['tf32', 8, k(128), k(128)],
      ['tf32', 256, k(64), k(32)],
      ['tf32', 64, k(32), k(16)],
      ['tf32', 128, k(16), k(64)],
    ]
    for (const [type, n, a, b] of cases) {
      test(`${type}, ${n} columns, A along ${a.along} by ${a.width} bytes, B along ${b.along} by ${b.width}`, () => {
        const { actual, product, depth } = run({ type, n, a, b })
        expect(actual).toEqual(product(0, depth).map((v) => v + 100))
      })
    }

    test('what was in the accumulators is left out where the predicate is false', () => {
      const { actual, product, depth } = run({ adds: false })
      expect(actual).toEqual(product(0, depth))
    })

    test('scales of −1', () => {
      for (const [scales, sign] of [
        [[-1, 1], -1],
        [[1, -1], -1],
        [[-1, -1], 1],
      ] as const) {
        const { actual, product, depth } = run({ scales })
        expect(actual).toEqual(product(0, depth).map((v) => 100 + sign * v))
      }
    })

    test('the lower bits of tf32 do not take part', () => {
      const edit = (body: string) => body.replace('st.shared', 'or.b32 %r5, %r5, 0x1fff;\nor.b32 %r6, %r6, 0x1fff;\nst.shared') // prettier-ignore
      const { actual, product, depth } = run({ type: 'tf32', edit })
      expect(actual).toEqual(product(0, depth).map((v) => v + 100))
    })

    for (const [type, n] of [
      ['bf16', 16],
      ['f16', 8],
      ['tf32', 8],
    ] as const) {
      test(`A in registers, ${type}`, () => {
        const { at, slab } = layout(k(128), 64, type)
        const load = (s: number) =>
          [0, 1, 2, 3]
            .map((r) => {
              // The register of thread 0, and how far the pattern of bits goes for others: 8 rows are 1024 bytes.
              const [row, column] = [8 * (r & 1), 16 * (r >> 1)]
              return `add.u32 %r20, %r10, ${column + s * slab};
xor.b32 %r20, %r20, %r12;
add.u32 %r20, %r20, %r11;
ld.shared.b32 %r${13 + r}, [%r20+${at(row, 0)}];`
            })
            .join('\n')
        const edit = (body: string) => {
          let slabOf = 0
          const lanes = `and.b32 %r9, %r0, 3;
shl.b32 %r10, %r9, 2;
bfe.u32 %r9, %r0, 2, 3;
shl.b32 %r12, %r9, 4;
shl.b32 %r11, %r9, 7;
shr.u32 %r9, %r0, 5;
shl.b32 %r9, %r9, 11;
add.u32 %r11, %r11, %r9;
add.u32 %r11, %r11, %r1;`
          return body
            .replace('bar.sync 0;', `bar.sync 0;\n${lanes}`)
            .replaceAll(/%d5, %d6(.*?);/g, (_, rest: string) => `{%r13, %r14, %r15, %r16}, %d6${type === 'tf32' ? rest : rest.replace(/, 0, 0$/, ', 0')};`) // prettier-ignore
            .replaceAll('add.u64 %d5', () => `${slabOf > 0 ? 'wgmma.commit_group.sync.aligned;\nwgmma.wait_group.sync.aligned 0;\n' : ''}${load(slabOf++)}\nwgmma.fence.sync.aligned;\nadd.u64 %d5`) // prettier-ignore
        }
        const { actual, product, depth } = run({ type, n, edit })
        expect(actual).toEqual(product(0, depth).map((v) => v + 100))
      })
    }

    test('dynamic shared memory begins where it is aligned, after static variables', () => {
      const own = 'setp.eq.u32 %p2, %r0, 0;\n@%p2 st.shared.u32 [own], %r0;'
      const edit = (body: string) => body.replace('mov.u32 %r1, sm;', `mov.u32 %r1, sm;\n${own}`)
      const { ptx, image } = kernelOf({ edit, shared: '.shared .b8 own[4];\n.extern .shared .align 1024 .b8 sm[];' })
      const kernel = emulator.entry(emulator.load(ptx), 'k')
      emulator.run(kernel, [1], [128], [emulator.upload(new Uint8Array(image)), emulator.zeros(64 * 8)], image)
    })
  })

  describe('what is not waited for has not happened', () => {
    const waits = (text: string) => (body: string) => body.replace('wgmma.wait_group.sync.aligned 0;', text)
    /** The wait comes after the results have been stored. */
    const early = (body: string) => `${waits('')(body)}\nwgmma.wait_group.sync.aligned 0;`

    test('accumulators that are read too early are old', () => {
      expect(new Set(run({ edit: early }).actual)).toEqual(new Set([100]))
    })

    test('one group may stay open', () => {
      const commit = 'wgmma.commit_group.sync.aligned;'
      const edit = (body: string) =>
        `${waits('wgmma.wait_group.sync.aligned 1;')(body).replace('\n\n', `\n${commit}\n`)}\nwgmma.wait_group.sync.aligned 0;`
      const { actual, product, depth } = run({ edit })
      expect(actual).toEqual(product(0, depth / 2).map((v) => v + 100))
    })

    test('what is written to accumulators before they are waited for is added to', () => {
      const edit = (body: string) => body.replace('wgmma.wait_group', 'mov.f32 %acc1, 0f00000000;\nwgmma.wait_group')
      const { actual, product, depth } = run({ edit })
      expect(actual).toEqual(product(0, depth).map((v, i) => v + (i % 2 === 1 && (i >> 3) % 16 < 8 ? 0 : 100)))
    })

    test('products that no wait covers', () => {
      const { result, text, line } = faultOf({ edit: waits('') })
      expect(result).toBe(launchFailed)
      expect(text).toBe(
        `the kernel ends, and no wgmma.wait_group has waited for this wgmma, in kernel k at ptx line ${line('mma_async')}, block (0,0,0) thread (0,0,0)`,
      )
      expect(faultOf({ edit: (body) => body.replace('wgmma.commit_group.sync.aligned;', '') }).text).toMatch(
        /^the kernel ends, and no wgmma.wait_group has waited for this wgmma, which no wgmma.commit_group has committed, in/,
      )
    })
  })

  describe('what is missing around products', () => {
    const wait = 'wgmma.wait_group'
    const store = 'st.shared.v4.u32 [%r1], {%r5, %r6, %r7, %r8};'
    const only = (thread: number, text: string) => `setp.eq.u32 %p2, %r0, ${thread};\n@%p2 ${text}`

    test('an operand that its own warp overwrites before the wait', () => {
      const { result, text, line } = faultOf({ edit: (body) => body.replace(wait, `${only(0, store)}\n${wait}`) })
      expect(result).toBe(launchFailed)
      expect(text).toBe(
        `wgmma reads A in shared memory at 0x0, written by thread (0,0,0) at ptx line ${line('@%p2')} before wgmma.wait_group has waited for the product, in kernel k at ptx line ${line('mma_async')}, block (0,0,0) thread (0,0,0)`,
      )
    })

    test('one that another warp overwrites, with and without barriers', () => {
      const edit = (before: string) => (body: string) =>
        body.replace(wait, `${before}${only(96, store)}\n${before}${wait}`)
      expect(faultOf({ edit: edit('') }).text).toMatch(
        /^race in shared memory: a (?:write after a read|read after a write) with no barrier between, the first made by/,
      )
      expect(faultOf({ edit: edit('bar.sync 0;\n') }).text).toMatch(
        /^wgmma reads A in shared memory at 0x0, written by thread \(96,0,0\) at ptx line \d+ before wgmma.wait_group/,
      )
    })

    test('one that is overwritten after the wait of another warp only', () => {
      const after = (before: string) => (body: string) =>
        body.replace('mul.wide', `${before}${only(96, store)}\nmul.wide`)
      expect(faultOf({ edit: after('') }).text).toMatch(
        /^race in shared memory: a (?:write after a read|read after a write)/,
      )
      expect(faultOf({ edit: after('bar.sync 0;\n') }).result).toBe(0)
    })

    test('a barrier', () => {
      const { result, text } = faultOf({ edit: (body) => body.replace('bar.sync 0;', '') })
      expect(result).toBe(launchFailed)
      expect(text).toMatch(
        /^race in shared memory: a (?:write after a read|read after a write) with no barrier between, the first made by thread/,
      )
    })

    test('a fence.proxy.async', () => {
      const fence = 'fence.proxy.async.shared::cta;'
      const without = faultOf({ edit: (body) => body.replace(fence, '') })
      expect(without.result).toBe(launchFailed)
      expect(without.text).toMatch(
        new RegExp(`^wgmma reads A in shared memory at 0x\\w+, written by thread \\(\\d+,0,0\\) at ptx line ${without.line('st.shared')} without fence.proxy.async, in kernel k at ptx line ${without.line('mma_async')}, block`), // prettier-ignore
      )
      // The last warp says it after the barrier: its own products may read what it wrote, those of others may not.
      const late = (body: string) =>
        body
          .replace(fence, `setp.lt.u32 %p2, %r0, 96;\n@%p2 ${fence}`)
          .replace('bar.sync 0;', `bar.sync 0;\n@!%p2 ${fence}`)
      expect(faultOf({ edit: late }).text).toMatch(
        /written by thread \(\d+,0,0\) at ptx line \d+ with(?: no barrier after its|out) fence.proxy.async/,
      )
      const others = (body: string) => body.replace(fence, `setp.ne.u32 %p2, %r0, 3;\n@%p2 ${fence}`)
      expect(faultOf({ edit: others }).text).toMatch(
        /at 0x\w+, written by thread \(3,0,0\) at ptx line \d+ without fence/,
      )
      expect(faultOf({ edit: (body) => body.replace(fence, 'fence.proxy.async.global;') }).result).toBe(launchFailed)
      expect(faultOf({ edit: (body) => body.replace(fence, 'fence.proxy.async;') }).result).toBe(0)
    })

    test('a fence.proxy.async after copies have arrived', () => {
      const copy = 'cp.async.cg.shared.global [%r3], [%d1], 16;'
      const edit = (before: string, after: string) => (body: string) =>
        body
          .replace(/st\.shared.*/, copy)
          .replace('fence.proxy.async.shared::cta;', `${before}cp.async.wait_all;\n${after}`)
      const fence = 'fence.proxy.async.shared::cta;\n'
      const { text, line } = faultOf({ edit: edit(fence, '') })
      expect(text).toMatch(new RegExp(`written by thread \\(0,0,0\\) at ptx line ${line('cp.async.cg')} without fence.proxy.async`)) // prettier-ignore
      expect(faultOf({ edit: edit('', fence) }).result).toBe(0)
    })

    test('a wgmma.fence', () => {
      const fence = 'wgmma.fence.sync.aligned;'
      expect(faultOf({ edit: (body) => body.replace(fence, '') }).text).toMatch(
        /^there is no wgmma.fence before the first wgmma of the warp, in kernel k at ptx line \d+/,
      )
      const touched = faultOf({ edit: (body) => body.replace(fence, `${fence}\nmov.f32 %acc2, 0f00000000;`) })
      expect(touched.result).toBe(launchFailed)
      expect(touched.text).toMatch(
        new RegExp(`^register 2 of D is touched at ptx line ${touched.line('%acc2, 0f00000000')} with no wgmma.fence between that and this wgmma, in kernel k at ptx line ${touched.line('mma_async')}`), // prettier-ignore
      )
      const again = 'add.f32 %f0, %acc0, %acc1;\nwgmma.mma_async'
      const second = (between: string) => (body: string) => {
        const at = body.lastIndexOf('wgmma.mma_async')
        return `${body.slice(0, at)}wgmma.commit_group.sync.aligned;\nwgmma.wait_group.sync.aligned 0;\n${between}${body.slice(at)}`
      }
      expect(faultOf({ edit: second(again.slice(0, again.indexOf('wgmma'))) }).text).toMatch(
        /^register 0 of D is touched/,
      )
      expect(faultOf({ edit: second(again.replace('wgmma.mma_async', `${fence}\n`)) }).result).toBe(0)
      expect(faultOf({ edit: second('') }).result).toBe(0)
    })

    test('a loop with one group open needs no more', () => {
      const edit = (body: string) =>
        body
          .replace('wgmma.fence', 'mov.u32 %r20, 0;\n$loop:\nwgmma.fence')
          .replace(
            'wgmma.wait_group.sync.aligned 0;',
            'wgmma.wait_group.sync.aligned 1;\nadd.u32 %r20, %r20, 1;\nsetp.lt.u32 %p2, %r20, 5;\n@%p2 bra $loop;\nwgmma.wait_group.sync.aligned 0;',
          )
      const { actual, product, depth } = run({ edit })
      expect(actual).toEqual(product(0, depth).map((v) => 100 + 5 * v))
    })

    test('lanes, warps, warpgroups', () => {
      const before = (text: string) => (body: string) => body.replace('wgmma.fence', `${text}\nwgmma.fence`)
      expect(faultOf({ edit: before('setp.eq.u32 %p2, %r0, 5;\n@%p2 ret;') }).text).toMatch(
        /^needs all 32 lanes of the warp, of which 31 are there/,
      )
      expect(faultOf({}, 64).text).toMatch(
        /^wgmma needs whole warpgroups of 128 threads, and warp \d of a block of 64 threads is in none/,
      )
      expect(faultOf({ edit: before('setp.ge.u32 %p2, %r0, 96;\n@%p2 ret;') }).text).toMatch(
        /^warp 3 has not executed a wgmma that others of its warpgroup have/,
      )
    })

    test('one descriptor and one predicate for all', () => {
      const before = (text: string) => (body: string) => body.replace('bar.sync 0;', `bar.sync 0;\n${text}`)
      const add = (thread: string) => `setp.${thread};\n@%p2 add.u64 %d3, %d3, 64;`
      expect(faultOf({ edit: before(add('eq.u32 %p2, %r0, 40')) }).text).toMatch(
        /^lanes of a warp give different descriptors of A to wgmma: 0x\w+ and 0x\w+, in .* thread \(40,0,0\)$/,
      )
      expect(faultOf({ edit: before(add('ge.u32 %p2, %r0, 96')) }).text).toMatch(
        /^the warps of a warpgroup give different descriptors of A: 0x\w+ and 0x\w+, in/,
      )
      const predicate = (test: string) => before(`setp.${test};`)
      expect(faultOf({ edit: predicate('eq.u32 %p1, %r0, 40') }).text).toMatch(/^lanes of a warp give different predicates to wgmma/) // prettier-ignore
      expect(faultOf({ edit: predicate('ge.u32 %p1, %r0, 96') }).text).toMatch(/^the warps of a warpgroup give different predicates/) // prettier-ignore
    })

    test('descriptors', () => {
      const good = { stride: 1024, width: 128 } as const
      const cases: readonly (readonly [Descriptor, number, RegExp])[] = [
        [{ ...good, base: 1 }, launchFailed, /^the descriptor 0x\w+ of A has a base offset, which is not supported/],
        [{ ...good, start: 128 }, launchFailed, /^the descriptor 0x\w+ of A starts at 0x80, which is not in the first line of the 1024 bytes after which its swizzle repeats/], // prettier-ignore
        [{ ...good, start: 112 }, launchFailed, /starts at 0x70 and goes beyond its line of 128 bytes/],
        [{ ...good, stride: 512 }, launchFailed, /has a stride of 512 bytes, no multiple of the 1024 bytes/],
        [
          { ...good, stride: 4096 },
          illegalAddress,
          /^out of bounds read of shared memory: address 0x\w+ size 16 of 10240 bytes/,
        ],
      ]
      for (const [descriptorA, result, text] of cases) {
        expect(faultOf({ descriptorA })).toMatchObject({ result, text: expect.stringMatching(text) as string })
      }
      const turned = { a: rows(64), descriptorA: { stride: 512, leading: 256, width: 64 } } as const
      expect(faultOf(turned).text).toMatch(/has a leading dimension of 256 bytes, no multiple of the 512 bytes/)
    })
  })

  describe('modules that do not load', () => {
    const { ptx } = kernelOf()
    const first = ptx.split('\n').findIndex((line) => line.includes('mma_async')) + 1
    const cases: readonly (readonly [name: string, ptx: string, log: RegExp])[] = [
      ['too few registers', ptx.replace('{%acc0, ', '{'), /operand 0 of 'wgmma.*' has 3 registers, not 4$/],
      ['no such number of columns', ptx.replace('m64n8k16', 'm64n12k16'), /wgmma of bf16 has no shape 'm64n12k16'$/],
      ['too many columns', ptx.replace('m64n8k16', 'm64n264k16'), /has no shape 'm64n264k16'$/],
      ['another depth', ptx.replace('m64n8k16', 'm64n8k8'), /wgmma of bf16 has no shape 'm64n8k8'$/],
      ['unequal types', ptx.replace('bf16.bf16', 'bf16.f16'), /unsupported instruction 'wgmma/],
      ['other sums', ptx.replace('f32.bf16', 'f16.bf16'), /unsupported instruction 'wgmma/],
      ['tf32 along the rows', ptx.replace('k16.f32.bf16.bf16', 'k8.f32.tf32.tf32'), /'wgmma.*' has 6 operands, not 8$/],
      ['another scale', ptx.replace('1, 1, 0, 0', '2, 1, 0, 0'), /the scale of A of wgmma is 1 or -1$/],
      ['another order', ptx.replace('1, 1, 0, 0', '1, 1, 0, 2'), /the order of B of wgmma is 0 or 1$/],
      ['a descriptor of 32 bits', ptx.replace('%d5, %d6, %p1', '%d5, %r6, %p1'), /operand '%r6' has not the 64 bits/],
      ['no predicate', ptx.replace('%d6, %p1', '%d6, %r1'), /'%r1' is no predicate$/],
      ['too many groups', ptx.replace('aligned 0', 'aligned 8'), /wgmma.wait_group takes a number from 0 to 7$/],
      ['sm_90', ptx.replace('sm_90a', 'sm_90'), /'wgmma.fence.sync.aligned' needs .target sm_90a$/],
      ['an old version', ptx.replace('version 8.0', 'version 7.8'), /needs .version 8.0$/],
    ]
    for (const [name, text, log] of cases) {
      test(name, () => {
        expect(text).not.toBe(ptx)
        const tried = emulator.tryLoad(text)
        expect(tried).toMatchObject({ result: 218, log: expect.stringMatching(log) as string })
        expect(tried.log).toMatch(/^ptx line \d+: error: /)
        if (log.source.includes('shape')) expect(tried.log).toContain(`line ${first}:`)
      })
    }
  })

  test('227 KiB of shared memory', () => {
    const { ptx } = kernelOf()
    const kernel = emulator.entry(emulator.load(ptx), 'k')
    emulator.must('cuFuncSetAttribute', kernel, 8, 232_448)
    expect(emulator.call('cuFuncSetAttribute', kernel, 8, 232_449)).toBe(1)
    const params = [emulator.upload(new Uint8Array(kernelOf().image)), emulator.zeros(64 * 8)]
    expect(emulator.launch(kernel, [1], [128], params, 232_449)).toBe(1)
    emulator.run(kernel, [1], [128], params, 232_448)
  })
})
