// main: every kind of image in a page, for a test to run

import type { HostTensor, Instance, Target } from '@tsjit/host'
import { colours, luma } from './picture.tsjit'

const width = 6
const height = 4

/** Returns what a model makes of each kind of image with the same picture, or why it refuses one. */
export async function readImages(target: Target): Promise<Readonly<Record<string, readonly number[] | string>>> {
  const [colour, grey] = [await colours.load({ target }), await luma.load({ target })]
  const images = await createImages()
  const found: Record<string, readonly number[] | string> = {}
  for (const [name, image] of Object.entries(images)) found[name] = await elements(colour, image)
  found['luma'] = await elements(grey, images['canvas'], 'image')
  found['wrong size'] = await elements(grey, new OffscreenCanvas(3, 5))
  // The declarations take images, too.
  const { output } = await colour.run({ image: [new OffscreenCanvas(2, 1)] })
  found['black'] = [...(await output.data())]
  return found
}

async function createImages(): Promise<Readonly<Record<string, object>>> {
  const canvas = draw(Object.assign(document.createElement('canvas'), { width, height }))
  const offscreen = draw(new OffscreenCanvas(width, height))
  const image = new Image(60, 40)
  image.src = canvas.toDataURL()
  await image.decode()
  return {
    canvas,
    offscreen,
    image,
    bitmap: await createImageBitmap(canvas),
    data: new ImageData(pixels(), width, height),
    frame: new VideoFrame(canvas, { timestamp: 0 }),
  }
}

/** Red grows to the right, green downwards. */
function pixels(): Uint8ClampedArray<ArrayBuffer> {
  const data = new Uint8ClampedArray(4 * width * height)
  for (let i = 0; i < width * height; i++) data.set([40 * (i % width), 60 * Math.floor(i / width), 200, 255], 4 * i)
  return data
}

function draw<Canvas extends HTMLCanvasElement | OffscreenCanvas>(canvas: Canvas): Canvas {
  const context = canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null
  context?.putImageData(new ImageData(pixels(), width, height), 0, 0)
  return canvas
}

async function elements(net: unknown, image: unknown, output: string = 'output'): Promise<readonly number[] | string> {
  try {
    const outputs = (await (net as Instance).run({ image })) as Readonly<Record<string, HostTensor>>
    return Array.from((await outputs[output]?.data()) ?? [], Math.round)
  } catch (error) {
    return String(error)
  }
}

Object.assign(globalThis, { readImages, pixels })
