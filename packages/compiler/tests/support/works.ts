// works: limits of work at which small programs take each way through a GPU

import { type WorkLimits, workLimits } from '../../src/4-schedule/control/form-lanes.ts'

const few = { dispatch: 300, dispatchTurns: 2, launchedTurns: 2 }

/** What happens to control flow, and the limits at which it does. */
export const works: readonly (readonly [what: string, work: WorkLimits])[] = [
  ['in one group', workLimits],
  ['in one group, some turns a dispatch', { ...few, resident: Infinity }],
  ['in launches', { ...few, resident: -1 }],
  ['in both', { ...few, resident: 200 }],
]
