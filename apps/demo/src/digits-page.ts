// digits-page: the smallest page with one network
//
// Its size is what a network costs a page: model, runtime and this file. Figures for the README are taken from it.

import { digits } from '../../../examples/digits/digits.tsjit'
import weights from '../../../examples/digits/weights.safetensors?url'
import { createDrawingArea } from './draw/drawing-area.ts'
import { prepareImage, side } from './draw/prepare-image.ts'
import { find } from './find.ts'

const said = find('#said', HTMLElement)
const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side })

try {
  const net = await digits.load({ weights })
  const area = createDrawingArea(find('#pad', HTMLCanvasElement), {
    async change(strokes) {
      if (strokes.length === 0) return
      const outputs = await net.run({ input: prepareImage(canvas, strokes) })
      const logits = [...(await (outputs as unknown as Outputs).output.data())]
      said.textContent = String(logits.indexOf(Math.max(...logits)))
    },
  })
  find('#clear', HTMLButtonElement).addEventListener('click', () => area.show([]))
  said.textContent = '?'
} catch (error) {
  said.textContent = error instanceof Error ? error.message : String(error)
}

interface Outputs {
  readonly output: { data(): Promise<ArrayLike<number> & Iterable<number>> }
}
