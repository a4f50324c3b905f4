// write-sample: a numeral, written onto the drawing area as by a hand

import { glyphs } from './glyphs.ts'
import type { Point, Stroke } from './stroke.ts'

/** Writing that can be stopped. */
export interface Writing {
  stop(): void
}

/** Writes a numeral step by step; at once where motion is unwanted. `show` gets the drawing so far. */
export function writeSample(digit: string, show: (strokes: readonly Stroke[], isDone: boolean) => void): Writing {
  const strokes = (glyphs[digit] ?? []).map((path) => pointsAlong(path))
  const total = strokes.reduce((sum, stroke) => sum + stroke.length, 0)
  let frame = 0
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
    show(strokes, true)
    return { stop() {} }
  }
  const start = performance.now()
  const step = (now: number): void => {
    const count = Math.min(total, Math.ceil(((now - start) / 900) * total))
    show(firstPoints(strokes, count), count === total)
    if (count < total) frame = requestAnimationFrame(step)
  }
  frame = requestAnimationFrame(step)
  return { stop: () => cancelAnimationFrame(frame) }
}

// The box of the glyphs is 100 × 140; on the square area it is 0.7 high. A slant that differs makes it a hand's.
function pointsAlong(path: string): Stroke {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  element.setAttribute('d', path)
  const length = element.getTotalLength()
  const count = Math.max(2, Math.round(length / 5))
  return Array.from({ length: count + 1 }, (_, index): Point => {
    const { x, y } = element.getPointAtLength((length * index) / count)
    return { x: 0.5 + (x - 50) / 200 - (y - 70) * 0.0006, y: 0.5 + (y - 70) / 200 }
  })
}

function firstPoints(strokes: readonly Stroke[], count: number): readonly Stroke[] {
  let left = count
  return strokes.flatMap((stroke) => {
    const part = stroke.slice(0, Math.max(0, left))
    left -= stroke.length
    return part.length === 0 ? [] : [part]
  })
}
