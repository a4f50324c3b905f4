import { test } from 'vitest'
import { runWgsl } from './support/run-wgsl.ts'
import { requestTestDevice } from '../../../tests/support/device.ts'
test('c', async () => {
  const { device } = await requestTestDevice()
  const code = `@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(1) fn main() { let n = x[1]; 
 y[0] = -0.0004837513; y[1] = n * y[0]; let a = fma(n, -1.5703125, x[0]); y[2] = a; let b = fma(n, -0.0004837513, a); y[3] = b; y[4] = fma(n, -7.5497901e-8, b); y[5]=7.5497901e-8; y[6] = b - n*7.5497901e-8; y[7] = n*7.5497901e-8;}`
  const [, y] = await runWgsl(device, { code, access: 'rw', uniform: false, features: [] }, { buffers: [Float32Array.of(355, 226, 0, 0), new Float32Array(8)], groups: [1, 1, 1] })
  console.log([...y!].join(' '))
})
