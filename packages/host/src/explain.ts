// explain: what a page loads only when something is wrong, or when it saves
//
// One door, so that all of it is one file in the app's bundle.
import type { Problem } from './errors.ts'
import { explainFile } from './explain-file.ts'
import { recoverLoad } from './explain-load.ts'
import { explainOptions, loadRules } from './explain-options.ts'
import { explainCall, recoverCall } from './recover-call.ts'
import { saveWeights } from './save-weights.ts'
import type { ByteSource } from './open-stream.ts'

export { explainCall, recoverCall, recoverLoad }
export { explainWeights } from './explain-weights.ts'
export { saveWeights }

/** Why an instance of a production build is not profiled. */
export const profile: Problem = {
  code: 'model_not_profiled',
  message: '`profile` needs a development build, or one with the option `profile: true` of the plugin',
}

/** What explains a refusal. */
export interface Words {
  readonly explainCall: typeof explainCall
  readonly profile: Problem
  readonly recoverCall: typeof recoverCall
  readonly recoverLoad: typeof recoverLoad
  readonly saveWeights: typeof saveWeights
}

/** Returns why bytes begin no file of weights: their source is none, or else what is wrong with them. */
export function explainSource(source: ByteSource, head: Uint8Array, header: Uint8Array): Problem {
  const message = String(explainFile(head, header))
  return explainOptions('load', { weights: source }, loadRules) ?? { code: 'weight_invalid_file', message }
}
