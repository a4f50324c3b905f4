// works: limits of work at which small programs take each way through a GPU

import { type WorkLimits, workLimits } from '../../src/4-schedule/control/form-lanes.ts'

const few = { ...workLimits, dispatch: 300, dispatchTurns: 2, launchedTurns: 2 }
const shared = { ...workLimits, lanes: 2, groups: 3, shared: 0 }

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
  ['in several groups, some turns a dispatch', { ...shared, dispatch: 300, dispatchTurns: 2 }],
]
