// Images as inputs, with fakes of what a browser has.
import { afterEach, expect, test, vi } from 'vitest'
import { createDefinition, type Instance, type ProgramSignature } from '../src/index.ts'
import { dataOf, record, type Recording } from './recording-driver.ts'

afterEach(() => vi.unstubAllGlobals())

type Slot = ProgramSignature['inputs'][number]

async function open(slot: Slot): Promise<{ net: Instance; recording: Recording }> {
  const recording = record()
  const [, , axes] = slot
  const names = axes.filter((axis) => typeof axis === 'string')
  const program: ProgramSignature = {
    dims: names.map((name) => [name, 1, 0, 1]),
    inputs: [slot],
    outputs: [],
    solve: ([shape = []]) => names.map((name) => shape[axes.indexOf(name)] ?? 0),
    shapes: (...sizes) => [axes.map((axis) => (typeof axis === 'number' ? axis : (sizes[names.indexOf(axis)] ?? 0)))],
  }
  return { net: await createDefinition(dataOf(program), recording.driver).load(), recording }
}

/** 2 wide, 1 high: red and a half transparent grey. */
const pixels = [255, 0, 0, 255, 51, 102, 153, 128]

function imageData(width: number = 2, height: number = 1): object {
  const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => pixels[i % 8] ?? 0)
  return { width, height, data, [Symbol.toStringTag]: 'ImageData' }
}

async function read(slot: Slot, image: unknown): Promise<{ data: readonly number[]; shape: readonly number[] }> {
  const { net, recording } = await open(slot)
  await net.run({ [slot[0]]: image })
  const [call] = recording.calls
  return {
    data: Array.from(call?.inputs[0] as Float32Array, (v) => Math.round(v * 1000) / 1000),
    shape: call?.shapes[0] ?? [],
  }
}

test('f32 holds 0 to 1, channels first', async () => {
  const first = { data: [1, 0.2, 0, 0.4, 0, 0.6], shape: [1, 3, 1, 2] }
  expect(await read(['x', 'f32', ['B', 3, 'H', 'W']], imageData())).toEqual(first)
  expect(await read(['x', 'f32', [1, 3, 1, 2]], imageData())).toEqual(first)
  expect((await read(['x', 'f32', [4, 1, 2]], imageData())).data).toEqual([1, 0.2, 0, 0.4, 0, 0.6, 1, 0.502])
})

test('u8 holds 0 to 255, channels last where only that fits', async () => {
  const last = { data: [255, 0, 0, 51, 102, 153], shape: [1, 2, 3] }
  expect(await read(['x', 'u8', ['H', 'W', 3]], imageData())).toEqual(last)
  expect(await read(['x', 'u8', [1, 2, 3]], imageData())).toEqual(last)
  expect((await read(['x', 'u8', [1, 2, 4]], imageData())).data).toEqual(pixels)
})

test('one channel is luma', async () => {
  expect((await read(['x', 'u8', [1, 1, 2]], imageData())).data).toEqual([76, 93])
  expect((await read(['x', 'f32', ['B', 1, 1, 2]], imageData())).data).toEqual([0.299, 0.363])
})

test('a list of images fills the axis before', async () => {
  const { data, shape } = await read(['x', 'u8', ['B', 1, 'H', 'W']], [imageData(), imageData(), imageData()])
  expect(shape).toEqual([3, 1, 1, 2])
  expect(data).toEqual([76, 93, 76, 93, 76, 93])
})

test.for([
  ['HTMLCanvasElement', { width: 2, height: 1 }],
  ['OffscreenCanvas', { width: 2, height: 1 }],
  ['ImageBitmap', { width: 2, height: 1 }],
  ['HTMLImageElement', { width: 20, height: 10, naturalWidth: 2, naturalHeight: 1 }],
  ['HTMLVideoElement', { width: 20, height: 10, videoWidth: 2, videoHeight: 1 }],
  ['VideoFrame', { codedWidth: 16, codedHeight: 16, displayWidth: 2, displayHeight: 1 }],
] as const)('%s is drawn, and read at once after the first call', async ([tag, sizes]) => {
  const drawn: unknown[] = []
  class Canvas {
    width = 0
    height = 0
    getContext(): object {
      return {
        drawImage: (...args: unknown[]) => drawn.push(args),
        getImageData: () => ({ data: Uint8ClampedArray.from(pixels) }),
      }
    }
  }
  vi.stubGlobal('OffscreenCanvas', Canvas)
  const image = { ...sizes, [Symbol.toStringTag]: tag }
  const { net, recording } = await open(['x', 'u8', [3, 'H', 'W']])
  await net.run({ x: image })
  const second = net.run({ x: image })
  expect(drawn).toEqual([
    [image, 0, 0, 2, 1],
    [image, 0, 0, 2, 1],
  ])
  await second
  expect(recording.calls[1]?.inputs[0]).toEqual(Uint8Array.of(255, 51, 0, 102, 0, 153))
  await net.run({ x: { data: new Uint8Array(6), shape: [3, 1, 2] } })
  expect(recording.calls).toHaveLength(3)
})

test.for<[string, Slot, unknown, RegExp]>([
  [
    'another size',
    ['x', 'f32', ['B', 3, 28, 28]],
    imageData(4, 2),
    /f32\[B, 3, 28, 28\], but its image is 4 by 2 \(width by height\), not 28 by 28/,
  ],
  ['an empty image', ['x', 'f32', [3, 28, 28]], imageData(0, 0), /its image is empty: wait until it has loaded/],
  [
    'integers',
    ['x', 'i32', [3, 1, 2]],
    imageData(),
    /fits only f32 or u8 whose last axes are \[C, H, W\] or \[H, W, C\]/,
  ],
  ['too few axes', ['x', 'f32', [1, 2]], imageData(), /fits only f32 or u8/],
  ['two channels', ['x', 'f32', [2, 1, 2]], imageData(), /C being 1, 3 or 4/],
  ['too many images', ['x', 'f32', [3, 1, 2]], [imageData(), imageData()], /given 2 images/],
  ['images of several sizes', ['x', 'f32', ['B', 3, 'H', 'W']], [imageData(), imageData(4)], /differ in size/],
  ['an image for several', ['x', 'f32', [2, 3, 1, 2]], imageData(), /axis 0 is 1, not 2/],
  [
    'an image that cannot be drawn',
    ['x', 'f32', [3, 1, 2]],
    { width: 2, height: 1, [Symbol.toStringTag]: 'ImageBitmap' },
    /cannot be read: ReferenceError/,
  ],
])('refuses %s', async ([, slot, image, message]) => {
  const { net, recording } = await open(slot)
  for (const _ of [1, 2]) {
    const run = net.run({ x: image })
    await expect(run).rejects.toMatchObject({ code: 'model_input_shape', message: expect.stringMatching(message) })
  }
  expect(recording.calls).toEqual([])
})
