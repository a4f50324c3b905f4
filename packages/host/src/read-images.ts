// read-images: images among the inputs of a call -> arrays
//
// A page loads it only when it passes a canvas, a video frame or the like. The calls after the first read an image at
// once; the first has to load this file, so its images must stay as they are until it resolves.
import type { SlotData } from './program-data.ts'

/** Returns the elements and shape of images for an input, or how they fail to fit it. */
export type ReadImages = (images: readonly object[], slot: SlotData) => object | string

/** What the sizes of all kinds of images are called; a kind has some of them. */
interface AnyImage {
  readonly width: number
  readonly height: number
  readonly naturalWidth?: number
  readonly naturalHeight?: number
  readonly videoWidth?: number
  readonly videoHeight?: number
  readonly displayWidth?: number
  readonly displayHeight?: number
  /** Of ImageData. */
  readonly data?: ArrayLike<number>
}

/** Rows from the top, red, green, blue and alpha of each pixel. */
interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: ArrayLike<number>
}

/** Where the channels are: the axis, counted from the end, and those of height and width. */
type Layout = readonly [channels: -3 | -1, height: -2 | -3, width: -1 | -2]

const layouts: readonly Layout[] = [
  [-3, -2, -1],
  [-1, -3, -2],
]

/** Returns what reads images. */
export function createImageReader(): ReadImages {
  let canvas: OffscreenCanvas | undefined
  const draw = (image: object, width: number, height: number): Pixels => {
    canvas ??= new OffscreenCanvas(width, height)
    // This also clears it.
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d', { willReadFrequently: true })
    context?.drawImage(image as CanvasImageSource, 0, 0, width, height)
    return context?.getImageData(0, 0, width, height) ?? { width, height, data: [] }
  }
  return (images, slot) => readImages(images as readonly AnyImage[], slot, draw)
}

function readImages(
  images: readonly AnyImage[],
  slot: SlotData,
  draw: (image: object, width: number, height: number) => Pixels,
): object | string {
  const [, dtype, axes] = slot
  const [[width, height] = [0, 0], ...others] = images.map(sizesOf)
  if (others.some(([w, h]) => w !== width || h !== height)) return 'its images differ in size'
  const layout = chooseLayout(slot, width, height)
  if (typeof layout === 'string') return layout
  const [atChannels, atHeight, atWidth] = layout
  const channels = Number(axes.at(atChannels))
  const shape = axes.map((_, axis) => (axis === axes.length - 4 ? images.length : 1))
  if (shape.length === 3 && images.length > 1) return `it is given ${images.length} images`
  for (const [at, size] of [[atChannels, channels] as const, [atHeight, height] as const, [atWidth, width] as const])
    shape[axes.length + at] = size
  const area = width * height
  const data = new (dtype === 'u8' ? Uint8Array : Float32Array)(images.length * area * channels)
  const steps = atChannels === -1 ? ([1, channels] as const) : ([area, 1] as const)
  for (const [index, image] of images.entries()) {
    const part = data.subarray(index * area * channels, (index + 1) * area * channels)
    try {
      const pixels = image.data ?? draw(image, width, height).data
      // An ImageData may have floats from 0 to 1.
      const most = pixels instanceof Uint8ClampedArray || pixels instanceof Uint8Array ? 255 : 1
      fill(part, pixels, channels, steps, (dtype === 'u8' ? 255 : 1) / most)
    } catch (cause) {
      return `its image cannot be read: ${String(cause)}`
    }
  }
  return { data, shape }
}

function fill(
  part: Float32Array | Uint8Array,
  pixels: ArrayLike<number>,
  channels: number,
  [channelStep, pixelStep]: readonly [number, number],
  scale: number,
): void {
  const isWhole = part instanceof Uint8Array
  for (let pixel = 0; pixel < part.length / channels; pixel++) {
    const [red = 0, green = 0, blue = 0, alpha = 0] = [0, 1, 2, 3].map((channel) => pixels[4 * pixel + channel])
    // ITU-R BT.601.
    const values = channels === 1 ? [0.299 * red + 0.587 * green + 0.114 * blue] : [red, green, blue, alpha]
    for (let channel = 0; channel < channels; channel++) {
      const value = (values[channel] ?? 0) * scale
      part[pixel * pixelStep + channel * channelStep] = isWhole ? Math.round(value) : value
    }
  }
}

/** Channels come first, unless only the other way fits. Returns a text where the size of the image is another. */
function chooseLayout(slot: SlotData, width: number, height: number): Layout | string {
  const [, dtype, axes] = slot
  const possible = layouts.filter(([channels]) => axes.length > 2 && /^[134]$/.test(String(axes.at(channels))))
  if (possible.length === 0 || (dtype !== 'f32' && dtype !== 'u8')) {
    const where = 'f32 or u8 whose last axes are [C, H, W] or [H, W, C], C being 1, 3 or 4'
    return `it is given an image, which fits only ${where}`
  }
  const fits = (axis: number, size: number): boolean => typeof axes.at(axis) === 'string' || axes.at(axis) === size
  const found = possible.find(([, atHeight, atWidth]) => fits(atHeight, height) && fits(atWidth, width))
  if (found) return found
  if (width * height === 0) return 'its image is empty: wait until it has loaded'
  const wanted = possible.map(([, atHeight, atWidth]) => `${axes.at(atWidth)} by ${axes.at(atHeight)}`).join(' or ')
  return `its image is ${width} by ${height} (width by height), not ${wanted}`
}

function sizesOf(image: AnyImage): readonly [width: number, height: number] {
  const { width, height, naturalWidth, naturalHeight, videoWidth, videoHeight, displayWidth, displayHeight } = image
  return [displayWidth ?? videoWidth ?? naturalWidth ?? width, displayHeight ?? videoHeight ?? naturalHeight ?? height]
}
