// Every elementwise primitive and conversion in C, with the vectors of the compiler and without.
import { describe, expect, test } from 'vitest'
import { printLibrary } from '../src/5-codegen/c/library.ts'
import { printKernel } from '../src/5-codegen/c/print-kernel.ts'
import { elementTypes } from '../src/base/c-text.ts'
import type { Kernel } from '../src/ir/kernel/kernel.ts'
import { verifyKernel } from '../src/ir/kernel/verify.ts'
import * as k from './support/kernels.ts'
import { FUNCTION_BOUNDS, numberTarget } from './support/number-kernels.ts'
import { type NumberTarget, describeNumbers, testLanes } from './support/number-tests.ts'
import { usualFlags } from './support/c-program.ts'
import { compileC, runC } from './support/run-c.ts'

/** Runs a kernel with one group an element (or vector) and returns the bytes of its last parameter. */
function runner(flags: readonly string[]) {
  return (kernel: Kernel, inputs: readonly Uint8Array[], groups: number, bytes: number): Uint8Array => {
    verifyKernel(kernel)
    const { text, params, dims } = printKernel(kernel, 'k')
    const total = inputs.reduce((sum, { byteLength }) => sum + byteLength, 0)
    let at = 0
    const places = inputs.map(({ byteLength }) => {
      const place = `in + ${at}`
      at += byteLength
      return place
    })
    const args = [...places, 'out'].map((place, i) => {
      const dtype = kernel.params[i]?.dtype ?? 'f32'
      return `(${elementTypes[dtype]} *)(void *)(${place})`
    })
    const main = `int main(void)
{
  static unsigned char in[${total + 1}], out[${bytes}];
  if (fread(in, 1, ${total}, stdin) != ${total}) return 1;
  k(${[...params.map((i) => args[i]), ...dims.map(() => groups), groups].join(', ')});
  return fwrite(out, 1, ${bytes}, stdout) != ${bytes};
}`
    const code = [printLibrary(text), text, main].join('\n\n')
    const includes = '#include <stddef.h>\n#include <stdint.h>\n#include <stdio.h>\n#include <string.h>\n'
    const program = compileC({ files: { 'k.c': includes + code }, flags })
    return new Uint8Array(runC(program, Buffer.concat(inputs)))
  }
}

function targetOf(flags: readonly string[]): NumberTarget {
  return numberTarget({
    lanes: 1,
    run: runner(flags),
    bounds: FUNCTION_BOUNDS,
  })
}

const isFull = process.env['TSJIT_FULL'] === '1'

describe('numbers of C', () => {
  const target = targetOf(isFull ? usualFlags : ['-O1'])
  describeNumbers(target)
  testLanes(target, ['sin', 'cos', 'tan', 'exp'])
})
if (isFull) describe('numbers of C without vectors', () => describeNumbers(targetOf(['-O1', '-DTSJIT_PLAIN_C'])))

test('a number that is compared with itself is no warning', async () => {
  const target = targetOf(['-O1'])
  for (const from of ['i32', 'u32', 'bool', 'f32'] as const) {
    const ops = from === 'bool' ? (['eq', 'ne', 'xor'] as const) : (['eq', 'ne', 'lt', 'ge'] as const)
    for (const op of ops) {
      const [got] = Array.from(
        await target.evaluate([[1, 0, 1, 1]], { from, to: 'bool', width: 1 }, ([x]) => k.apply(op, x!, x!)),
      )
      expect(got, `${op} of ${from}`).toBe(Number(op === 'eq' || op === 'ge'))
    }
  }
})
