// work-limits: how much control flow lanes do by themselves

/** How much of what runs at once. Operations are counted at the sizes at which work is estimated. */
export interface WorkLimits {
  /** Operations of one turn, or of one arm, that one group of lanes may do. */
  readonly resident: number
  /** Operations that one dispatch of one group may do. */
  readonly dispatch: number
  /** The most turns of one dispatch that a test ends. */
  readonly dispatchTurns: number
  /** Turns that are launched before the host looks whether there are more. */
  readonly launchedTurns: number
  /** Lanes of a group that runs control flow. */
  readonly lanes: number
  /** Groups that run at once and can wait for one another; 1 where they cannot. */
  readonly groups: number
  /** Neighbouring lanes that can share what is summed for one element. */
  readonly sharing: number
  /** Elements of group memory for what every turn reads again; 0: none. */
  readonly staged: number
  /** Operations of one turn from which several groups are worth what waiting for one another takes. */
  readonly shared: number
}

/** A dispatch of one group is well under a tenth of a second anywhere. */
export const workLimits: WorkLimits = {
  resident: 2e6,
  dispatch: 2e8,
  dispatchTurns: 65_536,
  launchedTurns: 16,
  lanes: 256,
  groups: 1,
  sharing: 1,
  staged: 0,
  shared: 1e5,
}

/** The same where groups can wait for one another, and lanes hand values to their neighbours. */
export function gridLimits(groups: number): WorkLimits {
  return { ...workLimits, groups, sharing: 32, staged: 12_000 }
}
