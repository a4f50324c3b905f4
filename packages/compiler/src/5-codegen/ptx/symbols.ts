// symbols: what index expressions refer to besides locals, and where parameters are
//
// Groups and lanes are special registers; dimensions and scalars are words of the last parameter. Each that is mentioned
// is read once, at the top of the entry.

import { internalError } from '../../base/invariant.ts'
import type { Kernel } from '../../ir/kernel/kernel.ts'
import type { Assembler, Operand } from './assembler.ts'

/** The symbols of one entry. */
export interface Symbols {
  symbol(name: string): Operand
  /** Returns the register with the address of a parameter. */
  base(param: string): Operand
  usesUniform(): boolean
  /** Instructions for the top of the entry. */
  prelude(): readonly string[]
  /** Parameters of the entry. */
  parameters(): readonly string[]
}

const axes = ['x', 'y', 'z'] as const

/** Returns the symbols of a kernel, none of them used yet. */
export function createSymbols(kernel: Kernel, asm: Assembler): Symbols {
  const words = [...kernel.dims, ...Array.from({ length: kernel.scalars }, (_, i) => `s${i}`)]
  const known = new Map<string, Operand>()
  const prelude: string[] = []
  let usesUniform = false
  const remember = (name: string, make: () => Operand): Operand => {
    const register = known.get(name) ?? make()
    known.set(name, register)
    return register
  }
  return {
    symbol: (name) =>
      remember(name, () => {
        const register = asm.register('b32', name)
        const word = words.indexOf(name)
        if (word >= 0) {
          usesUniform = true
          prelude.push(`\tld.param.u32 ${register}, [uniforms+${4 * word}];`)
          return register
        }
        const [, kind, axis] = /^([gl])([012])$/.exec(name) ?? internalError(`no symbol ${name} in ${kernel.name}`)
        prelude.push(`\tmov.u32 ${register}, %${kind === 'g' ? 'ctaid' : 'tid'}.${axes[Number(axis)] ?? 'x'};`)
        return register
      }),
    base: (param) =>
      remember(`parameter ${param}`, () => {
        const register = asm.register('b64', param)
        const index = kernel.params.findIndex(({ name }) => name === param)
        prelude.push(`\tld.param.u64 ${register}, [p${index}];`, `\tcvta.to.global.u64 ${register}, ${register};`)
        return register
      }),
    usesUniform: () => usesUniform,
    prelude: () => prelude,
    parameters: () => [
      ...kernel.params.map((_, i) => `.param .u64 p${i}`),
      ...(usesUniform ? [`.param .align 4 .b8 uniforms[${4 * words.length}]`] : []),
    ],
  }
}
