// hidden-slots: what a program takes and gives that the app does not see

import { appInputs } from '../ir/graph/app-slots.ts'
import type { Graph } from '../ir/graph/graph.ts'

/** Whether a program takes or gives what the app does not see. */
export function hasHiddenSlots(graph: Graph): boolean {
  const isHidden = graph.outputs.some(({ report, weight }) => report !== undefined || weight !== undefined)
  return isHidden || graph.inputs.length > appInputs(graph).length
}
