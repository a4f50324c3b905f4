// explain: what a page loads only when something is wrong
//
// One door, so that all of it is one file in the app's bundle.
export { explainCall } from './explain-call.ts'
export { explainFile } from './explain-file.ts'
export { explainLoad } from './explain-load.ts'
export { explainWeights } from './explain-weights.ts'
