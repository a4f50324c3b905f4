// Every elementwise primitive and conversion in C, with the vectors of the compiler and without.
import { describe } from 'vitest'
import type { DType } from '@tsjit/dsl/compiler'
import { storageTypes } from '../src/5-codegen/c/c-types.ts'
import { printLibrary } from '../src/5-codegen/c/library.ts'
import { printKernel } from '../src/5-codegen/c/print-kernel.ts'
import type { Kernel } from '../src/ir/kernel/kernel.ts'
import { verifyKernel } from '../src/ir/kernel/verify.ts'
import * as k from './support/kernels.ts'
import { type NumberTarget, describeNumbers, storages } from './support/number-tests.ts'
import { usualFlags } from './support/c-program.ts'
import { compileC, runC } from './support/run-c.ts'

type Data = Float32Array | Int32Array | Uint32Array | Uint8Array

/** Runs a kernel with one group an element (or vector) and returns the bytes of its last parameter. */
function runner(flags: readonly string[]) {
  return (kernel: Kernel, inputs: readonly Data[], groups: number, bytes: number): ArrayBuffer => {
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
      return `(${storageTypes[dtype]} *)(void *)(${place})`
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
    const input = new Uint8Array(total)
    let next = 0
    for (const { buffer, byteOffset, byteLength } of inputs) {
      input.set(new Uint8Array(buffer, byteOffset, byteLength), next)
      next += byteLength
    }
    return new Uint8Array(runC(program, input)).buffer
  }
}

const bytesOf = (data: Float32Array | Int32Array | Uint32Array, dtype: DType): Data =>
  dtype === 'bool' ? Uint8Array.from(data) : data

const views = { f16: Uint16Array, bf16: Uint16Array, i8: Int8Array, u8: Uint8Array, bool: Uint8Array }

function targetOf(flags: readonly string[]): NumberTarget {
  const run = runner(flags)
  return {
    async evaluate(columns, { from, to, width }, value) {
      const count = columns[0]!.length
      const kernel = k.elementwise(
        columns.map(() => from),
        to,
        (at) => {
          const first = width === 1 ? at : k.aligned(at, width)
          return value(columns.map((_, j) => k.load(`x${j}`, first, from, width)))
        },
        width,
        1,
      )
      const inputs = columns.map((column) => bytesOf(storages[from].from(column), from))
      const result = run(kernel, inputs, count / width, count * 4)
      return to === 'bool' ? new Uint8Array(result, 0, count) : new storages[to](result)
    },
    async store(values, type, dtype) {
      // as many vectors as there are values, and those that are left over one by one
      const data = bytesOf(storages[type].from(Array.from(values)), type)
      const wide = data.length - (data.length % 4)
      const load = (width: 1 | 4) =>
        k.elementwise([type], dtype, (at) => k.load('x0', k.aligned(at, width), type, width), width, 1)
      const vectors = new views[dtype](run(load(4), [data], wide / 4, data.length * 4))
      const scalars = new views[dtype](run(load(1), [data], data.length, data.length * 4))
      return Array.from({ length: data.length }, (_, i) => {
        const bits = i < wide ? vectors[i]! : scalars[i]!
        if (i < wide && bits !== scalars[i]!) return Number.NaN
        return dtype === 'f16' ? fromHalf(bits) : dtype === 'bf16' ? fromBrain(bits) : bits
      })
    },
    bounds: {
      exp: 2,
      log1p: 2,
      sinh: 2,
      cosh: 2,
      expm1: 2,
      sin: 2,
      cos: 2,
      tan: 1,
      asin: 1,
      acos: 1,
      atan: 1,
      atan2: 1,
      tanh: 2,
      erf: 2,
      sqrt: 0,
      div: 0,
      mod: 0,
      floorDiv: 0,
      pow: 1,
    },
  }
}

function fromHalf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023]
  const size =
    exponent === 31
      ? fraction === 0
        ? Infinity
        : Number.NaN
      : exponent === 0
        ? fraction * 2 ** -24
        : (1 + fraction / 1024) * 2 ** (exponent - 15)
  return bits >= 0x8000 ? -size : size
}

function fromBrain(bits: number): number {
  return new Float32Array(Uint32Array.of(bits << 16).buffer)[0]!
}

const isFull = process.env['TSJIT_FULL'] === '1'

describe('numbers of C', () => describeNumbers(targetOf(isFull ? usualFlags : ['-O1'])))
if (isFull) describe('numbers of C without vectors', () => describeNumbers(targetOf(['-O1', '-DTSJIT_PLAIN_C'])))
