// other-weights: what a page loads only for weights that are not simply one file with the dtypes of the model
//
// One door, so that all of it is one file in the app's bundle.
export { convertElements } from './convert.ts'
export { drawWeight } from './draw-weight.ts'
export { loadShards } from './load-shards.ts'
export { openFile } from './open-file.ts'
