// works: limits of work at which small programs take each way through a GPU

import { type WorkLimits, workLimits } from '../../src/4-schedule/control/work-limits.ts'

const few = { ...workLimits, dispatch: 300, dispatchTurns: 2, launchedTurns: 2 }
const shared = { ...workLimits, lanes: 2, groups: 3, shared: 0, sharing: 2, staged: 64 }
const sharing = { ...shared, lanes: 16, sharing: 4, staged: 1200 }

type Works = readonly (readonly [what: string, work: WorkLimits])[]

/** What happens to control flow, and the limits at which it does. */
export const works: Works = [
  ['in one group', workLimits],
  ['in one group, some turns a dispatch', { ...few, resident: Infinity }],
  ['in launches', { ...few, resident: -1 }],
  ['in both', { ...few, resident: 200 }],
]

/** The same where groups can wait for one another. */
export const gridWorks: Works = [
  ['in several groups', shared],
  ['in several groups, some turns a dispatch', { ...shared, dispatch: 100, dispatchTurns: 2 }],
  ['in several groups whose lanes share sums', sharing],
  ['in several groups whose lanes share sums, some turns a dispatch', { ...sharing, dispatch: 100, dispatchTurns: 2 }],
  ['in one group whose lanes share sums', { ...sharing, lanes: 256, shared: Infinity }],
]
