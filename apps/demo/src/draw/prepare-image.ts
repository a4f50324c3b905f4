// prepare-image: strokes -> the 28 × 28 image that the network was trained on
//
// White on black, 0 to 1. The longer side of the drawing becomes 20 pixels, its centre of mass the centre of the image;
// the pen is as wide as in the training images, whatever the size of the drawing.

import { traceStrokes } from './stroke.ts'
import type { Point, Stroke } from './stroke.ts'

/** The side of the image. */
export const side = 28

const longerSide = 20
const penWidth = 2.6

/** Draws the strokes into a canvas of 28 × 28 pixels and returns its brightness, row by row; all 0 where there are none. */
export function prepareImage(canvas: HTMLCanvasElement, strokes: readonly Stroke[]): Float32Array {
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('no 2d context')
  context.lineWidth = penWidth
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.strokeStyle = '#fff'
  const box = boundsOf(strokes)
  const draw = (shift: Point): Float32Array => {
    context.fillStyle = '#000'
    context.fillRect(0, 0, side, side)
    traceStrokes(context, strokes, ({ x, y }) => ({
      x: (x - box.x) * box.scale + shift.x,
      y: (y - box.y) * box.scale + shift.y,
    }))
    return brightnessOf(context)
  }
  const middle = { x: side / 2, y: side / 2 }
  const mass = massOf(draw(middle))
  return mass ? draw({ x: side - mass.x, y: side - mass.y }) : new Float32Array(side * side)
}

interface Bounds extends Point {
  readonly scale: number
}

// The middle of the drawing and the scale that makes it as large as it should be. A dot stays small.
function boundsOf(strokes: readonly Stroke[]): Bounds {
  const points = strokes.flat()
  if (points.length === 0) return { x: 0, y: 0, scale: 1 }
  const xs = points.map(({ x }) => x)
  const ys = points.map(({ y }) => y)
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const size = Math.max(right - left, bottom - top, 0.08)
  return { x: (left + right) / 2, y: (top + bottom) / 2, scale: (longerSide - penWidth) / size }
}

function brightnessOf(context: CanvasRenderingContext2D): Float32Array {
  const { data } = context.getImageData(0, 0, side, side)
  return Float32Array.from({ length: side * side }, (_, index) => (data[4 * index] ?? 0) / 255)
}

function massOf(image: Float32Array): Point | undefined {
  let sum = 0
  let x = 0
  let y = 0
  image.forEach((value, index) => {
    sum += value
    x += value * ((index % side) + 0.5)
    y += value * (Math.floor(index / side) + 0.5)
  })
  return sum === 0 ? undefined : { x: x / sum, y: y / sum }
}
