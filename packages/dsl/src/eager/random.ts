// random: numbers drawn from distributions, as an object of functions

import type { Random } from '../operations/groups/random.ts'
import type { Tensor } from '../operations/tensor.ts'
import { eagerOperations } from './apply.ts'

/**
 * Random numbers: counter-based, by the seed of the run (`run(inputs, { seed })`; without one the runs of an instance
 * count 0, 1, 2, …). Every call draws anew, and so does every turn of a loop. The same numbers on every target.
 */
export const random: Random<Tensor, number> = {
  uniform: eagerOperations['random.uniform'],
  normal: eagerOperations['random.normal'],
  bernoulli: eagerOperations['random.bernoulli'],
  categorical: eagerOperations['random.categorical'],
  randint: eagerOperations['random.randint'],
  permutation: eagerOperations['random.permutation'],
}
