import { test } from 'vitest'
import { writeFileSync } from 'node:fs'
import { schedule } from '/work/wt/tensor/packages/compiler/src/4-schedule/schedule.ts'
import { printPtx } from '/work/wt/tensor/packages/compiler/src/5-codegen/ptx/print-ptx.ts'
import { printPtxModule } from '/work/wt/tensor/packages/compiler/src/5-codegen/ptx/print-module.ts'
import { printKernel } from '/work/wt/tensor/packages/compiler/src/ir/kernel/print.ts'
import { verifyKernel } from '/work/wt/tensor/packages/compiler/src/ir/kernel/verify.ts'
import { GraphBuilder } from '/work/wt/tensor/packages/compiler/tests/support/graph-builder.ts'
import { ptxas } from '/work/wt/tensor/packages/compiler/tests/support/ptxas.ts'
test('try', () => {
  const N = Number(process.env.N ?? 4096)
  const dtype = (process.env.T ?? 'bf16') as 'bf16'
  const g = new GraphBuilder()
  const a = g.input('a', [N, N], dtype), b = g.input('b', [N, N], dtype)
  const labels = { a: ['i','k'], b: process.env.TB ? ['j','k'] : ['k','j'], out: ['i','j'] }
  const y = g.emit('contract', [a, b], labels)
  const plan = schedule(g.graph({ y }), { buffers: 64, machine: dtype === 'f32' ? 'cudaTf32' : 'cuda' })
  const t0 = Date.now()
  for (const k of plan.kernels) { console.log(printKernel(k)); verifyKernel(k) }
  const entries = plan.kernels.map((k) => ({ entry: printPtx(k, 'readable') }))
  const { ptx } = printPtxModule(entries, 'readable')
  writeFileSync('/tmp/try.ptx', ptx)
  for (const arch of ['sm_80','sm_90','sm_120']) console.log(arch, [...ptxas(ptx, arch as 'sm_80')])
})
