// other-weights: what a page loads only for weights that are not simply one file of floats and integers
//
// One door, so that all of it is one file in the app's bundle.
export { convertElements } from './convert.ts'
export { drawWeights } from './draw-weight.ts'
export { halfCodecs } from './half.ts'
export { loadShards } from './load-shards.ts'
export { openFile } from './open-file.ts'
