// digits-panel: what is drawn, read as it is drawn
//
// At most one run at a time; the latest drawing waits for it, those between are skipped.

import { digits } from '../../../../examples/digits/digits.tsjit'
import weights from '../../../../examples/digits/weights.safetensors?url'
import { createDrawingArea } from '../draw/drawing-area.ts'
import { writeGlyph } from '../draw/glyphs.ts'
import { prepareImage } from '../draw/prepare-image.ts'
import type { Stroke } from '../draw/stroke.ts'
import { writeSample } from '../draw/write-sample.ts'
import type { Writing } from '../draw/write-sample.ts'
import { find, showFact } from '../find.ts'
import { createLab } from '../model/lab.ts'
import type { Lab, LabTarget } from '../model/lab.ts'
import { best, softmax } from '../model/softmax.ts'
import { duration, percent } from '../words.ts'
import { createBars } from './bars.ts'
import { showBytes, showInstance } from './facts.ts'
import { latestOnly } from './latest-only.ts'
import type { TargetSwitch } from './target-switch.ts'

/** The panel. */
export interface DigitsPanel {
  readonly lab: Lab
  /** Loads the model for a target and reads what is drawn. */
  use(target: LabTarget): Promise<void>
  /** Writes a numeral to begin with. */
  greet(): void
}

/** Wires the panel. */
export function createDigitsPanel(targets: TargetSwitch): DigitsPanel {
  const lab = createLab(digits, weights)
  const view = createView()
  const read = latestOnly(async (strokes: readonly Stroke[]) => {
    const image = prepareImage(view.seen, strokes)
    if (strokes.length === 0) return view.show(undefined)
    view.show(softmax(await lab.run(targets.target, { input: image }, 'output')))
    targets.show(lab)
    const time = lab.median(targets.target)
    if (time !== undefined) showFact('time', duration(time))
  }, view.fail)
  let writing: Writing | undefined
  const hint = find('#hint', HTMLElement)
  const area = createDrawingArea(find('#pad', HTMLCanvasElement), {
    begin() {
      // A person's first stroke takes the place of a sample.
      if (writing) area.show([])
      writing?.stop()
      writing = undefined
    },
    change(strokes) {
      hint.hidden = strokes.length > 0
      read(strokes)
    },
    lift: view.say,
  })
  const write = (digit: string): void => {
    writing?.stop()
    writing = writeSample(digit, (strokes, isDone) => {
      area.show(strokes)
      if (isDone) view.say()
    })
  }
  wireTools(area.show, write)
  return {
    lab,
    async use(target) {
      const instance = await lab.load(target)
      showInstance(instance)
      showBytes()
      read(area.strokes)
      // Once more, so that there is a time: the first run is not counted.
      read(area.strokes)
    },
    greet: () => write('3'),
  }
}

function wireTools(show: (strokes: readonly Stroke[]) => void, write: (digit: string) => void): void {
  const pad = find('#pad', HTMLCanvasElement)
  let next = 4
  find('#clear', HTMLButtonElement).addEventListener('click', () => show([]))
  find('#sample', HTMLButtonElement).addEventListener('click', () => {
    write(String(next))
    next = (next + 3) % 10
  })
  pad.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey }) => {
    if (ctrlKey || metaKey || altKey) return
    if (/^[0-9]$/.test(key)) write(key)
    if (key === 'Escape' || key === 'Backspace' || key === 'Delete') show([])
  })
}

interface View {
  readonly seen: HTMLCanvasElement
  readonly show: (probabilities: readonly number[] | undefined) => void
  readonly say: () => void
  readonly fail: (error: unknown) => void
}

function createView(): View {
  const bars = createBars(find('#bars', HTMLElement))
  const guess = find('#guess', SVGElement)
  const said = find('#said', HTMLElement)
  const aloud = find('#aloud', HTMLElement)
  let shown = ''
  let sentence = ''
  return {
    seen: find('#seen', HTMLCanvasElement),
    show(probabilities) {
      bars.show(probabilities)
      const digit = probabilities ? String(best(probabilities)) : ''
      if (digit !== shown) writeGlyph(guess, digit)
      shown = digit
      sentence = probabilities
        ? `Reads as ${digit}, ${percent(probabilities[Number(digit)] ?? 0)} sure.`
        : 'Waiting for a stroke…'
      guess.dataset['digit'] = digit
      said.textContent = sentence
    },
    // Seen at once, spoken only when the pen rests.
    say() {
      aloud.textContent = sentence
    },
    fail(error) {
      said.textContent = error instanceof Error ? error.message : String(error)
    },
  }
}
