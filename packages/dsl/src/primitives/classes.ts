// classes: what kind of thing each primitive is to a scheduler

import type { PrimitiveClass, PrimitiveKind } from './params.ts'

const table = {
  constant: 'source',
  literal: 'source',
  iota: 'source',
  dimension: 'source',
  neg: 'elementwise',
  abs: 'elementwise',
  sign: 'elementwise',
  floor: 'elementwise',
  ceil: 'elementwise',
  trunc: 'elementwise',
  round: 'elementwise',
  exp: 'elementwise',
  expm1: 'elementwise',
  log: 'elementwise',
  log1p: 'elementwise',
  sqrt: 'elementwise',
  sin: 'elementwise',
  cos: 'elementwise',
  tan: 'elementwise',
  asin: 'elementwise',
  acos: 'elementwise',
  atan: 'elementwise',
  sinh: 'elementwise',
  cosh: 'elementwise',
  tanh: 'elementwise',
  erf: 'elementwise',
  not: 'elementwise',
  bitNot: 'elementwise',
  isNaN: 'elementwise',
  floatBits: 'elementwise',
  bitsFloat: 'elementwise',
  cast: 'elementwise',
  add: 'elementwise',
  sub: 'elementwise',
  mul: 'elementwise',
  mulHigh: 'elementwise',
  div: 'elementwise',
  floorDiv: 'elementwise',
  mod: 'elementwise',
  pow: 'elementwise',
  maximum: 'elementwise',
  minimum: 'elementwise',
  atan2: 'elementwise',
  eq: 'elementwise',
  ne: 'elementwise',
  lt: 'elementwise',
  le: 'elementwise',
  gt: 'elementwise',
  ge: 'elementwise',
  and: 'elementwise',
  or: 'elementwise',
  xor: 'elementwise',
  shiftLeft: 'elementwise',
  shiftRight: 'elementwise',
  where: 'elementwise',
  reshape: 'movement',
  permute: 'movement',
  expand: 'movement',
  slice: 'movement',
  pad: 'movement',
  window: 'movement',
  concat: 'movement',
  gather: 'indexed',
  gatherElements: 'indexed',
  reduce: 'reduction',
  contract: 'contraction',
} as const

/** The class of every primitive. */
export const classes: { readonly [K in PrimitiveKind]: PrimitiveClass } = table

/** The elementwise primitives. */
export type ElementwiseKind = {
  [K in PrimitiveKind]: (typeof table)[K] extends 'elementwise' ? K : never
}[PrimitiveKind]

/** Every primitive, in the order of the vocabulary. */
export const PRIMITIVE_KINDS: readonly PrimitiveKind[] = Object.keys(classes).filter(isPrimitiveKind)

/** Returns whether there is a primitive of this name. */
export function isPrimitiveKind(name: string): name is PrimitiveKind {
  return Object.hasOwn(classes, name)
}
