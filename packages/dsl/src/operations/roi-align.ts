// roi-align: regions of images at one size, as means or extremes of bilinear samples

import { type Dim, product } from '../types/dim.ts'
import { refuse, shownType } from '../types/errors.ts'
import { sizeAt } from '../types/shape.ts'
import type { TensorBase } from '../types/tensor-type.ts'
import type { Bound } from './definition.ts'
import { at, castTo, reshaped, sizeScalar, stretch } from './operands.ts'

/** How regions are read. */
export interface RoiAligned {
  readonly size: readonly number[]
  readonly samplingRatio: number
  readonly spatialScale: number
  readonly aligned: boolean
  readonly mode: 'avg' | 'max'
}

/** Where samples of one axis are: [r, parts * samples], and how many of the samples of a part count: [r]. */
interface Samples {
  readonly position: TensorBase
  /** [r, parts * samples]. */
  readonly counts: TensorBase
  readonly number: TensorBase
  readonly samples: number
}

/** Returns [r, c, h, w]. */
export function roiAlign(t: Bound, x: TensorBase, regions: TensorBase, batch: TensorBase, how: RoiAligned): TensorBase {
  if (x.shape.length !== 4 || regions.shape.length !== 2)
    refuse('shape_rank_mismatch', {
      op: 'roiAlign',
      expected: 'images [n, c, h, w] and regions [r, 4]',
      got: `${shownType(x)} and ${shownType(regions)}`,
    })
  const [x1, y1, x2, y2] = t.unstack(castTo(t, regions, 'f32'), 1)
  if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return x
  const rows = samplesOf(t, y1, y2, at(how.size, 0), sizeAt(x.shape, 2), how)
  const columns = samplesOf(t, x1, x2, at(how.size, 1), sizeAt(x.shape, 3), how)
  const r = sizeAt(regions.shape, 0)
  const images = t.gather(x, castTo(t, batch, 'i32'), 0)
  const read = corners(t, images, rows.position, columns.position, how.mode)
  const [h, w] = [at(how.size, 0), at(how.size, 1)]
  const parts: readonly Dim[] = [r, sizeAt(x.shape, 1), h, rows.samples, w, columns.samples]
  const counted = t.and(
    reshaped(t, rows.counts, [r, 1, h, rows.samples, 1, 1]),
    reshaped(t, columns.counts, [r, 1, 1, 1, w, columns.samples]),
  )
  const samples = reshaped(t, read, parts)
  if (how.mode === 'max') return castTo(t, t.max(t.where(counted, samples, -Infinity), [3, 5]), x.dtype)
  const number = t.maximum(t.mul(rows.number, columns.number), 1)
  return castTo(t, t.div(t.sum(t.where(counted, samples, 0), [3, 5]), reshaped(t, number, [r, 1, 1, 1])), x.dtype)
}

function samplesOf(t: Bound, from: TensorBase, to: TensorBase, parts: number, size: Dim, how: RoiAligned): Samples {
  const shift = how.aligned ? 0.5 : 0
  const start = t.sub(t.mul(from, how.spatialScale), shift)
  const length = t.sub(t.sub(t.mul(to, how.spatialScale), shift), start)
  const span = how.aligned ? length : t.maximum(length, 1)
  const each = t.div(span, parts)
  // as many as the region has pixels, which is no more than the image has
  const samples =
    how.samplingRatio > 0 ? how.samplingRatio : Math.ceil((typeof size === 'number' ? size : 64) / parts) + 1
  const number = how.samplingRatio > 0 ? t.fullLike(each, how.samplingRatio) : t.ceil(each)
  const column = (v: TensorBase): TensorBase => reshaped(t, v, [...v.shape, 1, 1])
  const part = reshaped(t, castTo(t, t.emit('iota', [], { length: parts }), 'f32'), [parts, 1])
  const sample = castTo(t, t.emit('iota', [], { length: samples }), 'f32')
  const inner = t.div(t.mul(t.add(sample, 0.5), column(each)), column(number))
  const position = t.add(t.add(column(start), t.mul(part, column(each))), inner)
  const counts = t.expand(t.lt(sample, column(number)), position.shape)
  const flat = (v: TensorBase): TensorBase => reshaped(t, v, [...from.shape, parts * samples])
  return { position: flat(position), counts: flat(counts), number, samples }
}

/** Reads images [r, c, h, w] where rows [r, a] and columns [r, b] cross: [r, c, a, b]. */
function corners(t: Bound, x: TensorBase, rows: TensorBase, columns: TensorBase, mode: 'avg' | 'max'): TensorBase {
  const [r, c, h, w] = [sizeAt(x.shape, 0), sizeAt(x.shape, 1), sizeAt(x.shape, 2), sizeAt(x.shape, 3)]
  const [a, b] = [sizeAt(rows.shape, 1), sizeAt(columns.shape, 1)]
  const flat = reshaped(t, castTo(t, x, 'f32'), [r, c, product([h, w])])
  const [above, left] = [neighboursOf(t, rows, h), neighboursOf(t, columns, w)]
  const values = above.flatMap((row) =>
    left.map((column) => {
      const index = t.add(
        t.mul(reshaped(t, row.place, [r, a, 1]), sizeScalar(t, w, 'i32')),
        reshaped(t, column.place, [r, 1, b]),
      )
      const places = stretch(t, reshaped(t, index, [r, 1, product([a, b])]), [r, c, product([a, b])])
      const read = reshaped(t, t.emit('gatherElements', [flat, places], { axis: 2 }), [r, c, a, b])
      return t.mul(read, t.mul(reshaped(t, row.weight, [r, 1, a, 1]), reshaped(t, column.weight, [r, 1, 1, b])))
    }),
  )
  return values.reduce((x, y) => (mode === 'max' ? t.maximum(x, y) : t.add(x, y)))
}

/** The two elements around a position: the first and the last one alone at the edges, nothing more than one beyond. */
function neighboursOf(t: Bound, position: TensorBase, size: Dim): readonly { place: TensorBase; weight: TensorBase }[] {
  const length = sizeScalar(t, size, 'f32')
  const isSeen = castTo(t, t.and(t.ge(position, -1), t.le(position, length)), 'f32')
  const inside = t.clip(position, 0, t.sub(length, 1))
  const low = t.floor(inside)
  const rest = t.sub(inside, low)
  const place = castTo(t, low, 'i32')
  const next = t.minimum(t.add(place, 1), t.sub(sizeScalar(t, size, 'i32'), 1))
  return [
    { place, weight: t.mul(isSeen, t.sub(1, rest)) },
    { place: next, weight: t.mul(isSeen, rest) },
  ]
}
