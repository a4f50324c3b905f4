// integer-division: quotients rounded down
//
// By 0 the quotient is 0. What the instruction leaves open (a division by 0, the smallest number by -1) never gets to it.

import type { Assembler, Operand } from './assembler.ts'

/** Returns x / y rounded down; 0 where y is 0. */
export function floorDivide(type: 's32' | 'u32', x: Operand, y: Operand, asm: Assembler): Operand {
  if (type === 'u32') {
    const quotient = asm.pure('b32', 'div.u32', x, asm.pure('b32', 'max.u32', y, '1'))
    return asm.pure('b32', 'selp.b32', '0', quotient, asm.pure('pred', 'setp.eq.s32', y, '0'))
  }
  // only 0 and -1 are not more than 1 when taken as unsigned after adding 1
  const isOdd = asm.pure('pred', 'setp.le.u32', asm.pure('b32', 'add.s32', y, '1'), '1')
  const divisor = asm.pure('b32', 'selp.b32', '1', y, isOdd)
  const quotient = asm.pure('b32', 'div.s32', x, divisor)
  const rest = asm.pure('b32', 'sub.s32', x, asm.pure('b32', 'mul.lo.s32', quotient, divisor))
  const differs = asm.pure('pred', 'setp.lt.s32', asm.pure('b32', 'xor.b32', rest, divisor), '0')
  const isDown = asm.pure('pred', 'and.pred', differs, asm.pure('pred', 'setp.ne.s32', rest, '0'))
  const floored = asm.pure('b32', 'selp.b32', asm.pure('b32', 'sub.s32', quotient, '1'), quotient, isDown)
  // x * y is 0 by 0, and -x by -1
  return asm.pure('b32', 'selp.b32', asm.pure('b32', 'mul.lo.s32', x, y), floored, isOdd)
}

/** Returns what is left of x after `floorDivide`; x where y is 0. */
export function floorRest(type: 's32' | 'u32', x: Operand, y: Operand, asm: Assembler): Operand {
  return asm.pure('b32', 'sub.s32', x, asm.pure('b32', 'mul.lo.s32', floorDivide(type, x, y, asm), y))
}
