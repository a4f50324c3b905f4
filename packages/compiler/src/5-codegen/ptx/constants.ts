// constants: immediates of PTX

import type { ScalarType } from '../../ir/kernel/kernel.ts'
import type { Assembler, Operand } from './assembler.ts'

/** Returns an f32 as PTX writes it: the bits. Every float has some, NaN and infinities too. */
export function f32(value: number): Operand {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  return `0f${view.getUint32(0).toString(16).toUpperCase().padStart(8, '0')}`
}

/** Returns a constant of a kernel. There are no immediate predicates. */
export function constantOf(type: ScalarType, value: number, asm: Assembler): Operand {
  if (type === 'f32') return f32(value)
  if (type === 'bool') return asm.pure('pred', 'mov.pred', value === 0 ? '0' : '1')
  return String(value)
}
