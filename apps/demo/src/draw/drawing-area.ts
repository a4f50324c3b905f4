// drawing-area: a canvas to draw on with mouse, finger or pen
//
// Keeps the strokes and says so after every change. Crisp on any screen; follows the colours of the page.

import { traceStrokes } from './stroke.ts'
import type { Point, Stroke } from './stroke.ts'

/** A drawing area. */
export interface DrawingArea {
  readonly strokes: readonly Stroke[]
  /** Replaces the drawing. */
  show(strokes: readonly Stroke[]): void
}

/** How a drawing area tells of changes. */
export interface DrawingEvents {
  /** The drawing has changed. */
  change(strokes: readonly Stroke[]): void
  /** A person begins to draw. */
  begin?(): void
  /** The pen was lifted. */
  lift?(): void
}

/** Makes a canvas a drawing area. `pen` is the width of the line as a fraction of the width of the canvas. */
export function createDrawingArea(canvas: HTMLCanvasElement, events: DrawingEvents, pen: number = 0.045): DrawingArea {
  let strokes: Stroke[] = []
  let current: Point[] | undefined
  const paint = (): void => paintStrokes(canvas, strokes, pen)
  const pointOf = ({ clientX, clientY }: PointerEvent): Point => {
    const { left, top, width, height } = canvas.getBoundingClientRect()
    return { x: (clientX - left) / width, y: (clientY - top) / height }
  }
  canvas.addEventListener('pointerdown', (event) => {
    if (!event.isPrimary || event.button !== 0) return
    event.preventDefault()
    canvas.setPointerCapture(event.pointerId)
    events.begin?.()
    current = [pointOf(event)]
    strokes = [...strokes, current]
    paint()
    events.change(strokes)
  })
  canvas.addEventListener('pointermove', (event) => {
    if (!current || !event.isPrimary) return
    // All positions since the last frame, where the browser knows them: curves stay round at speed.
    const moves = event.getCoalescedEvents?.() ?? []
    current.push(...(moves.length > 0 ? moves : [event]).map(pointOf))
    paint()
    events.change(strokes)
  })
  const lift = (event: PointerEvent): void => {
    if (!current || !event.isPrimary) return
    current = undefined
    events.lift?.()
  }
  canvas.addEventListener('pointerup', lift)
  canvas.addEventListener('pointercancel', lift)
  new ResizeObserver(paint).observe(canvas)
  return {
    get strokes() {
      return strokes
    },
    show(next) {
      current = undefined
      strokes = [...next]
      paint()
      events.change(strokes)
    },
  }
}

function paintStrokes(canvas: HTMLCanvasElement, strokes: readonly Stroke[], pen: number): void {
  const { clientWidth, clientHeight } = canvas
  const density = globalThis.devicePixelRatio || 1
  const [width, height] = [Math.round(clientWidth * density), Math.round(clientHeight * density)]
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return
  context.clearRect(0, 0, width, height)
  context.lineWidth = width * pen
  context.lineCap = 'round'
  context.lineJoin = 'round'
  context.strokeStyle = getComputedStyle(canvas).color
  traceStrokes(context, strokes, ({ x, y }) => ({ x: x * width, y: y * height }))
}
