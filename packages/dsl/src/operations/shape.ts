// shape: the meaning of every rearrangement

import type { Dim } from '../types/dim.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Family } from './definition.ts'
import type { Rearrangement } from './interface/shape.ts'
import { joining } from './joining.ts'
import { reshape } from './reshape.ts'
import { slicing } from './slicing.ts'

/** The meaning of every operation that moves elements without changing them. */
export const rearrangement: Family<Rearrangement<TensorBase, Dim>> = { ...reshape, ...slicing, ...joining }
