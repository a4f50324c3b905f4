// cut-name: how the stages of a graph call the values that they hand on

import type { Value } from './graph.ts'

/** Returns the name of a value between stages. */
export function cutNameOf({ id }: Value): string {
  return `%${id}`
}
