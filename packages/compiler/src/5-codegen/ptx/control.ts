// control: branches within a body

import type { Assembler, Operand } from './assembler.ts'

/** Runs `then` where the predicate holds, else `otherwise`. Values of one are out of reach in the other and afterwards. */
export function branch(
  asm: Assembler,
  predicate: Operand,
  then: () => void,
  otherwise: (() => void) | undefined = undefined,
): void {
  const end = asm.newLabel('endif')
  const other = otherwise === undefined ? end : asm.newLabel('else')
  asm.emit('bra', undefined, [other], `!${predicate}`)
  asm.scope(then)
  if (otherwise !== undefined) {
    asm.emit('bra', undefined, [end])
    asm.place(other)
    asm.scope(otherwise)
  }
  asm.place(end)
}

/** Runs `body` again and again until `exit` is called with a predicate that holds. */
export function loop(asm: Assembler, body: (exit: (predicate: Operand) => void) => void): void {
  const start = asm.newLabel('loop')
  const end = asm.newLabel('end')
  asm.place(start)
  asm.scope(() => body((predicate) => asm.emit('bra', undefined, [end], predicate)))
  asm.emit('bra', undefined, [start])
  asm.place(end)
}
