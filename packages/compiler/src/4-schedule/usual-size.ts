// usual-size: what is assumed of sizes that are known only when a program runs

/** The size assumed for a dimension when work is estimated, where it may be larger. */
export const USUAL_SIZE = 64
