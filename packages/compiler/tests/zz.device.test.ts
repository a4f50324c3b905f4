import { test } from 'vitest'
import { printWgsl } from '/work/main/packages/compiler/src/5-codegen/wgsl/print-wgsl.ts'
import { applyScalar } from '/work/main/packages/compiler/src/ir/kernel/scalar-meaning.ts'
import { runWgsl, messagesOf } from '/work/main/packages/compiler/tests/support/run-wgsl.ts'
import * as k from '/work/main/packages/compiler/tests/support/kernels.ts'
import { requestTestDevice } from '/work/main/tests/support/device.ts'
const special = [0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -1.5, -2.5, 2, -2, 3, -3, 1e-3, -1e-3, 1e-8, -1e-8, 1e-30, -1e-30, 1.2e-38, 1e-40, 10, -10, 44, 88, -88, 89, -87,-90, 100, -100, 104, -104,1e3, -1e3, 1e5, -1e5, 1e10, -1e10, 1e20, 3.4e38, -3.4e38, 2147483648, -2147483648, 4294967296, 16777217, Infinity, -Infinity, NaN, 355, 1e9, 2048,2047.9]
function order(x: number) { const b = new DataView(new ArrayBuffer(4)); b.setFloat32(0, x); const i = b.getInt32(0); return i < 0 ? -(i & 0x7fffffff) : i }
function rnd(seed: number) { let s = seed; return () => { s = (Math.imul(s, 1664525) + 1013904223) >>> 0; return s / 2 ** 32 } }
function ulps(got: number, want: number) {
  if (Number.isNaN(want)) return Number.isNaN(got) ? 0 : Infinity
  if (Math.abs(want) < 1.1754944e-38 && Math.abs(got) < 1.2e-38) return 0
  if (!Number.isFinite(want) || !Number.isFinite(got)) return got === want ? 0 : Infinity
  return Math.abs(order(got) - order(want))
}
const unary: Record<string, (r: () => number) => number> = {
  neg: r => r()*20-10, abs: r => r()*20-10, sign: r => r()*2-1, floor: r=>r()*20-10, ceil: r=>r()*20-10, trunc: r=>r()*20-10, round: r=>r()*20-10,
  exp: r => r()*180-90, expm1: r => (r()*2-1)*(r()<.5?1:90), log: r => r()<.5?Math.exp(r()*170-85): .5+r()*1.2, log1p: r=> r()<.5? r()*3-1: Math.exp(r()*80), sqrt: r=>Math.exp(r()*160-80),
  sin: r => r()<.3? r()*7-3.5 : r()<.5? (r()*2-1)*2000: (r()<.5?-1:1)*Math.exp(r()*88), cos: r => r()<.3? r()*7-3.5 : r()<.5? (r()*2-1)*2000: (r()<.5?-1:1)*Math.exp(r()*88), tan: r => r()<.3? r()*7-3.5 : r()<.5? (r()*2-1)*2000: (r()<.5?-1:1)*Math.exp(r()*88),
  asin: r=>r()*2-1, acos: r=>r()*2-1, atan: r=>(r()*2-1)*Math.exp(r()*20-10), sinh: r=>(r()*2-1)*(r()<.5?2:90), cosh: r=>(r()*2-1)*(r()<.5?2:90), tanh: r=>(r()*2-1)*(r()<.5?1:12), erf: r=>(r()*2-1)*(r()<.5?1:5), isNaN: r=>r(),
}
const binary: Record<string, (r: () => number) => [number, number]> = {
  add: r=>[r(),r()], div: r=>[r()*4-2,r()*4-2], floorDiv: r=>[(r()*2-1)*Math.exp(r()*12),(r()*2-1)*Math.exp(r()*4-2)], mod: r=>[(r()*2-1)*Math.exp(r()*60),(r()*2-1)*Math.exp(r()*40-2)],
  pow: r=>[Math.exp(r()*6-3), r()*60-30], maximum: r=>[r(),r()], minimum: r=>[r(),r()], atan2: r=>[r()*2-1,r()*2-1],
}
test('unary', async () => {
  const { device } = await requestTestDevice()
  for (const [op, gen] of Object.entries(unary)) {
    const r = rnd(7)
    const x = Float32Array.from([...special, ...Array.from({length: 20000}, () => gen(r))])
    const kern = k.elementwise(['f32'], op === 'isNaN' ? 'bool':'f32', (i) => k.apply(op as any, k.load('x0', i)))
    const printed = printWgsl(kern, { names: 'readable' })
    if (op === 'tan') console.log(printed.code)
    if (op === 'tan') console.log(printWgsl(kern, { names: 'minified' }).code)
    const [, y] = await runWgsl(device, printed, { buffers: [x, op==='isNaN'? new Uint32Array(x.length): new Float32Array(x.length)], groups: [Math.ceil(x.length/64),1,1], words: [x.length] })
    let worst = 0, at = 0; const bad: string[] = []
    x.forEach((v, i) => { const want = applyScalar(op as any, [v], { operandType: 'f32', type: 'f32' }); const u = ulps(y[i]!, want); if (u > worst && i >= special.length) { worst = u; at = i } if (i < special.length && u > 4) bad.push(`${v}: got ${y[i]} want ${want} (${u})`) })
    console.log(op, 'worst', worst, 'at', x[at], 'got', y[at], bad.join(' | '))
  }
  for (const [op, gen] of Object.entries(binary)) {
    const r = rnd(9)
    const pairs = [...special.flatMap(a => special.map(b => [a,b] as [number,number])), ...Array.from({length: 20000}, () => gen(r))]
    const x = Float32Array.from(pairs.map(p=>p[0])), z = Float32Array.from(pairs.map(p=>p[1]))
    const kern = k.elementwise(['f32','f32'], 'f32', (i) => k.apply(op as any, k.load('x0', i), k.load('x1', i)))
    const printed = printWgsl(kern, { names: 'minified' })
    const [, , y] = await runWgsl(device, printed, { buffers: [x, z, new Float32Array(x.length)], groups: [Math.ceil(x.length/64),1,1], words: [x.length] })
    let worst = 0, at = 0; const bad: string[] = []
    const n = special.length**2
    x.forEach((v, i) => { const want = applyScalar(op as any, [v, z[i]!], { operandType: 'f32', type: 'f32' }); const u = ulps(y![i]!, want); if (u > worst && i >= n) { worst = u; at = i } if (i < n && u > 4) bad.push(`${v},${z[i]}: got ${y![i]} want ${want} (${u})`) })
    console.log(op, 'worst', worst, 'at', x[at],z[at], 'got', y![at], bad.length, bad.slice(0,12).join(' | '))
  }
}, 300000)
