// Kernels for matrix units through NVIDIA's assembler, where that is on PATH: nothing that multiplies may spill.
import { type DType, dims } from '@tsjit/dsl/compiler'
import { describe, expect, test } from 'vitest'
import { type Machine, cudaTf32, onHopper } from '../src/4-schedule/machine.ts'
import { schedule } from '../src/4-schedule/schedule.ts'
import { printPtxModule } from '../src/5-codegen/ptx/print-module.ts'
import { printPtx } from '../src/5-codegen/ptx/print-ptx.ts'
import type { Graph } from '../src/ir/graph/graph.ts'
import { printKernel } from '../src/ir/kernel/print.ts'
import { GraphBuilder } from './support/graph-builder.ts'
import { matrixCases } from './support/matrix-tests.ts'
import { hasPtxas, ptxas } from './support/ptxas.ts'

const dtypes: readonly DType[] = ['bf16', 'f16', 'f32']
const machines = ['sm_80', 'sm_90', 'sm_120'] as const

/** Returns the module of some graphs. */
function moduleOf(graphs: readonly Graph[], machine: Machine = cudaTf32): string {
  const kernels = graphs.flatMap((graph) => schedule(graph, { buffers: 64, machine }).kernels)
  return printPtxModule(
    kernels.map((kernel) => ({ entry: printPtx(kernel, 'readable') })),
    'readable',
  ).ptx
}

function checkSpills(ptx: string, on: readonly ((typeof machines)[number] | 'sm_90a')[] = machines): void {
  for (const arch of on)
    for (const [name, { spills, shared, warnings }] of ptxas(ptx, arch)) {
      expect(spills, `${name} on ${arch}`).toBe(0)
      expect(shared).toBeLessThanOrEqual(49_152)
      expect(warnings, `${name} on ${arch}`).toEqual([])
    }
}

/** A product of as many rows as columns, by the order of the axes of both operands. */
function square(dtype: DType, size: number, a: string, b: string): Graph {
  const g = new GraphBuilder()
  const [left, right] = [g.input('a', [size, size], dtype), g.input('b', [size, size], dtype)]
  const y = g.emit('contract', [left, right], { a: [...a], b: [...b], out: ['i', 'j'] })
  const scaled = g.binary('mul', g.binary('add', y, g.input('bias', [size], dtype)), g.input('scale', [1], dtype))
  return g.graph({ y: g.emit('erf', [scaled], {}) })
}

test('a product of halves as text; `vitest -u` writes it anew', async () => {
  const g = new GraphBuilder()
  const rows = dims.symbol('rows', { max: 300 })
  const [x, w] = [g.input('x', [rows, 64], 'bf16'), g.input('w', [32, 64], 'bf16')]
  const graph = g.graph({ y: g.emit('abs', [g.binary('add', g.linear(x, w), g.input('b', [32], 'bf16'))], {}) })
  const { kernels } = schedule(graph, { buffers: 64, machine: cudaTf32 })
  const text = kernels.map(printKernel).join('\n')
  await expect(`${text}\n`).toMatchFileSnapshot('./samples/kernel/fragments.txt')
  await expect(moduleOf([graph])).toMatchFileSnapshot('./samples/ptx/fragments.ptx')
})

test('a product of halves by four warps as text; `vitest -u` writes it anew', async () => {
  const g = new GraphBuilder()
  const [x, w] = [g.input('x', [1024, 640], 'bf16'), g.input('w', [640, 512], 'bf16')]
  const y = g.emit('contract', [x, w], { a: ['i', 'k'], b: ['k', 'j'], out: ['i', 'j'] })
  const graph = g.graph({ y })
  const machine = onHopper(cudaTf32)
  const { kernels } = schedule(graph, { buffers: 64, machine })
  const text = kernels.map(printKernel).join('\n')
  await expect(`${text}\n`).toMatchFileSnapshot('./samples/kernel/products.txt')
  await expect(moduleOf([graph], machine)).toMatchFileSnapshot('./samples/ptx/products.ptx')
})

if (hasPtxas) {
  test.each(dtypes)('contractions of %s', { timeout: 120_000 }, (dtype) => {
    const graphs = Object.values(matrixCases).map((make) => {
      const g = new GraphBuilder()
      return g.graph({ y: make(g, dtype) })
    })
    checkSpills(moduleOf(graphs))
  })

  describe.each([
    [4104, 1],
    [1544, 2],
  ])('a product of %i rows and columns, with edges and an epilogue', (size, blocks) => {
    test.each(dtypes)('of %s', { timeout: 120_000 }, (dtype) => {
      const orders = ['ik', 'ki'].flatMap((a) => ['kj', 'jk'].map((b) => [a, b] as const))
      const ptx = moduleOf(orders.map(([a, b]) => square(dtype, size, a, b)))
      expect([...ptx.matchAll(/\.minnctapersm (\d)\n/g)].map(([, each]) => Number(each))).toEqual(
        orders.map(() => blocks),
      )
      checkSpills(ptx)
    })

    test.each(['bf16', 'f16'] as const)('of %s, by four warps', { timeout: 120_000 }, (dtype) => {
      const orders = ['ik', 'ki'].flatMap((a) => ['kj', 'jk'].map((b) => [a, b] as const))
      const ptx = moduleOf(
        orders.map(([a, b]) => square(dtype, size, a, b)),
        onHopper(cudaTf32),
      )
      expect(ptx.match(/wgmma\.mma_async/g)?.length).toBeGreaterThanOrEqual(2 * orders.length)
      checkSpills(ptx, ['sm_90a'])
    })
  })
}
