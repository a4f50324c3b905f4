// stroke: points of a drawing, in fractions of the drawing area

/** A point; 0..1 is inside the drawing area. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** A line drawn without lifting the pen. */
export type Stroke = readonly Point[]

/** Traces strokes on a context: curves through the middles of the segments, a dot where the pen only touched. */
export function traceStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  place: (point: Point) => Point,
): void {
  context.beginPath()
  for (const stroke of strokes) {
    const [first, ...rest] = stroke.map(place)
    if (!first) continue
    context.moveTo(first.x, first.y)
    let last = first
    for (const point of rest) {
      context.quadraticCurveTo(last.x, last.y, (last.x + point.x) / 2, (last.y + point.y) / 2)
      last = point
    }
    context.lineTo(last.x, last.y + (rest.length === 0 ? 0.01 : 0))
  }
  context.stroke()
}
