// recover-call: a call that was refused -> how to read its inputs, or what is wrong with it
import type { RunOptions } from './contract.ts'
import type { SlotData } from './program-data.ts'
import type { ProgramSignature } from './program-data.ts'
import type { Refusal } from './errors.ts'
import { explainCall } from './explain-call.ts'
import { Wrong, wrongShape } from './explain-input.ts'

export { explainCall } from './explain-call.ts'

/** Returns inputs with arrays in the place of images. Throws what `recoverCall` knows for an image that does not fit. */
export type ConvertInputs = (inputs: unknown) => unknown

/**
 * Returns what makes arrays of images, where there are some in a call that was read without it. Otherwise returns why the
 * call was refused, or undefined where the error says it.
 */
export async function recoverCall(
  error: unknown,
  program: ProgramSignature,
  inputs: unknown,
  options: RunOptions,
  convert: ConvertInputs | undefined,
): Promise<Refusal | ConvertInputs | undefined> {
  if (error instanceof Wrong) return error.problem
  if (!(error instanceof TypeError)) return undefined
  const { inputs: slots } = program
  const found: unknown[] = []
  replaceImages(inputs, slots, (images) => found.push(...images))
  if (convert) return explainCall([program], convert(inputs), options)
  if (found.length === 0) return explainCall([program], inputs, options)
  const read = (await import('./read-images.ts')).createImageReader()
  return (given) =>
    replaceImages(given, slots, (images, slot) => {
      const value = read(images, slot)
      if (typeof value === 'string') throw wrongShape(slot, value)
      return value
    })
}

const tags =
  /^\[object (HTMLCanvasElement|OffscreenCanvas|ImageBitmap|ImageData|HTMLImageElement|HTMLVideoElement|VideoFrame)\]$/

/** Returns inputs with each image, or array of images, replaced. */
function replaceImages(
  inputs: unknown,
  slots: readonly SlotData[],
  replace: (images: readonly object[], slot: SlotData) => unknown,
): unknown {
  const visit = (value: unknown, path: string): unknown => {
    const slot = slots.find(([name]) => name === path)
    if (slot) {
      const images: unknown[] = Array.isArray(value) ? value : [value]
      return images.length > 0 && images.every(isImage) ? replace(images, slot) : value
    }
    const inside = path && `${path}.`
    if (typeof value !== 'object' || value === null || !slots.some(([name]) => name.startsWith(inside))) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visit(item, inside + key)]))
  }
  return visit(inputs, '')
}

// By tag and not by class: it may come from another frame.
function isImage(value: unknown): value is object {
  return tags.test(Object.prototype.toString.call(value))
}
