// limits: what a target allows one kernel
//
// Data of each target is in 5-codegen; scheduling gets it through options and stays target-neutral.

/** What one kernel and one launch may use. */
export interface TargetLimits {
  /** Lanes of a group, over all three axes. */
  readonly lanes: number
  /** Lanes of a group along each axis. */
  readonly lanesPerAxis: readonly [number, number, number]
  /** Bytes of group memory. */
  readonly groupBytes: number
  /** Buffer parameters. */
  readonly params: number
  /** Groups of a launch along each axis. */
  readonly groupsPerAxis: number
  /** Groups of a launch that run at once, whatever the device, and can wait for one another; 1 where they cannot. */
  readonly groupsAtOnce: number
  /** Bytes of one buffer as a kernel sees it. */
  readonly bufferBytes: number
}
