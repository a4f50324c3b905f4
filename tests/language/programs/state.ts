// state: what runs leave behind for the next

import type { Program } from '../program.ts'

export const state: readonly Program[] = [
  {
    name: 'a total that reads as before until the run ends',
    inputs: { x: 'f32(3)' },
    layers: '{ total: buffer(3), count: buffer({ dtype: "i32" }) }',
    body: 'assign($.total, add($.total, x)); assign($.count, add($.count, 1)); return { total: $.total, count: $.count }',
    sizes: [{}, {}, {}],
    mode: 'train',
  },
  {
    name: 'assignments that exchange two buffers',
    inputs: { x: 'f32(3)' },
    layers: '{ a: buffer(3), b: buffer(3), c: buffer(3) }',
    body: 'assign($.a, $.b); assign($.b, $.a); assign($.c, x); assign($.c, 2); return { sum: add($.a, mul(2, $.b)) }',
    sizes: [{}, {}, {}],
    mode: 'train',
  },
  {
    name: 'state of training alone',
    inputs: { x: 'f32(N)' },
    layers: '{ most: buffer() }',
    body: 'if (isTraining()) assign($.most, maximum($.most, max(x))); return div(x, add(abs($.most), 1))',
    mode: 'train',
  },
  {
    name: 'a loop that gives new state',
    inputs: { x: 'f32(N)' },
    layers: '{ h: buffer(2) }',
    body: 'const [h, ys] = scan($.h, x, (h, each) => { const next = tanh(add(h, each)); return [next, sum(next)] }); assign($.h, h); return ys',
    mode: 'train',
  },
  {
    name: 'batch normalisation',
    inputs: { x: 'f32(4, 3, 2, W)' },
    layers:
      '{ a: nn.batchNorm2d(3), b: nn.batchNorm2d(3, { momentum: 0.3, affine: false }), c: nn.batchNorm2d(3, { trackRunningStats: false }) }',
    body: '= $.c($.b($.a(x)))',
    tolerance: 1e-4,
    mode: 'train',
  },
  {
    name: 'a batch norm that is called twice',
    inputs: { x: 'f32(4, 3, 2, W)', y: 'f32(4, 3, 2, W)' },
    layers: '{ norm: nn.batchNorm2d(3, { momentum: 0.3 }) }',
    body: '= ({ x: $.norm(x), y: $.norm(mul(y, 2)) })',
    tolerance: 1e-4,
    mode: 'train',
  },
]
