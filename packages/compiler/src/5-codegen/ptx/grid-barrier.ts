// grid-barrier: all blocks of a launch wait for one another
//
// One word of the module counts who has come. Each block adds one, the first so much that the sum flips the highest bit:
// when it has flipped, all are there, and the word is ready for the next time. As cooperative launches of CUDA do it.

import type { PtxContext } from './context.ts'
import { branch } from './control.ts'

/** Stands for the name of the word, which is that of the entry. */
export const GRID_BARRIER = '$grid$'

const HIGHEST = '0x80000000'

/** Prints the barrier; the threads of the block have met before. */
export function waitForGrid({ asm, lanes, symbol }: PtxContext): void {
  const [first = '0', ...more] = [0, 1, 2].filter((axis) => (lanes[axis] ?? 1) > 1).map((axis) => symbol(`l${axis}`))
  const lane = more.reduce((all, each) => asm.pure('b32', 'or.b32', all, each), first)
  const isFirst = asm.pure('pred', 'setp.eq.s32', lane, '0')
  branch(asm, isFirst, () => {
    const word = asm.register('b64')
    const count = asm.register('b32')
    const step = asm.register('b32')
    const before = asm.register('b32')
    const now = asm.mutable('b32')
    const isLeader = asm.register('pred')
    const waits = asm.register('pred')
    asm.emit('mov.u64', word, [GRID_BARRIER])
    asm.emit('mov.u32', count, ['%nctaid.x'])
    asm.emit('sub.u32', step, [HIGHEST, count])
    asm.emit('add.u32', step, [step, '1'])
    asm.emit('setp.eq.u32', isLeader, [symbol('g0'), '0'])
    asm.emit('selp.u32', step, [step, '1', isLeader])
    // what this block has written comes before
    asm.emit('fence.acq_rel.gpu', undefined, [])
    asm.emit('atom.global.add.u32', before, [`[${word}]`, step])
    const wait = asm.newLabel('wait')
    asm.place(wait)
    asm.emit('ld.acquire.gpu.global.u32', now, [`[${word}]`])
    asm.emit('xor.b32', now, [now, before])
    asm.emit('setp.ge.s32', waits, [now, '0'])
    asm.emit('bra', undefined, [wait], waits)
  })
  asm.emit('bar.sync', undefined, ['0'])
}
