// adder-panel: a sum, written in columns as the tokens arrive
//
// The model writes the units first; so the answer grows from the right, as on paper.

import { adder } from '../../../../examples/adder/adder.tsjit'
import weights from '../../../../examples/adder/weights.safetensors?url'
import { createGlyph } from '../draw/glyphs.ts'
import { create, find } from '../find.ts'
import { add, promptOf } from '../model/add.ts'
import type { WrittenToken } from '../model/add.ts'
import { createLab } from '../model/lab.ts'
import type { TargetSwitch } from '../panels/target-switch.ts'
import { duration, percent } from '../words.ts'
import { showBytes } from './facts.ts'

/** The panel. */
export interface AdderPanel {
  /** Loads the model and does the sum on the page. */
  start(): Promise<void>
}

/** Wires the panel. */
export function createAdderPanel(targets: TargetSwitch): AdderPanel {
  const lab = createLab(adder, weights)
  const form = find('#sum-form', HTMLFormElement)
  const fields = [find('#sum-a', HTMLInputElement), find('#sum-b', HTMLInputElement)] as const
  let turn = 0
  const solve = async (): Promise<void> => {
    const mine = (turn += 1)
    const [a, b] = [Number(fields[0].value), Number(fields[1].value)]
    const sheet = createSheet(a, b)
    try {
      for await (const token of add(lab, targets.target, promptOf(a, b))) {
        if (mine !== turn) return
        sheet.write(token)
        await rest()
        if (mine !== turn) return
      }
      sheet.finish()
    } catch (error) {
      if (mine === turn) sheet.fail(error)
    }
    showBytes()
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void solve()
  })
  for (const field of fields) {
    field.addEventListener('input', () => {
      field.value = field.value.replaceAll(/\D/g, '')
    })
  }
  find('#sum-random', HTMLButtonElement).addEventListener('click', () => {
    for (const field of fields) field.value = String(Math.floor(Math.random() * 1000))
    void solve()
  })
  return { start: solve }
}

// Typed out at the pace of a hand, where motion is welcome: the network itself is faster than the eye.
function rest(): Promise<void> {
  const pause = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 280
  return new Promise((resolve) => setTimeout(resolve, pause))
}

interface Sheet {
  write(token: WrittenToken): void
  finish(): void
  fail(error: unknown): void
}

function createSheet(a: number, b: number): Sheet {
  const column = find('#column', HTMLElement)
  const tape = find('#tokens', HTMLElement)
  const said = find('#sum-said', HTMLElement)
  const cells = Array.from({ length: 5 }, () => create('span', 'cell'))
  column.replaceChildren(...rowOf(' ', a), ...rowOf('+', b), create('span', 'line'), ...cells)
  column.setAttribute('aria-label', `${a} plus ${b}, being added`)
  tape.replaceChildren(...[...promptOf(a, b)].map((text) => create('li', 'read', create('b', '', text))))
  said.textContent = '\u00a0'
  const written: WrittenToken[] = []
  return {
    write(token) {
      cells[4 - written.length]?.replaceChildren(createGlyph(token.text))
      written.push(token)
      const note = create('small', '', percent(token.probability))
      tape.append(create('li', 'written', create('b', '', token.text), note))
    },
    finish() {
      const answer = Number(
        written
          .map(({ text }) => text)
          .reverse()
          .join(''),
      )
      const isRight = answer === a + b
      if (isRight) column.append(createTick())
      column.setAttribute('aria-label', `${a} plus ${b} is ${answer}`)
      const time = written.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / Math.max(1, written.length)
      const verdict = isRight ? 'Right.' : `Wrong: it is ${a + b}.`
      said.textContent = `Backwards: ${answer}. ${verdict} ${duration(time)} a token.`
    },
    fail(error) {
      said.textContent = error instanceof Error ? error.message : String(error)
    },
  }
}

function rowOf(sign: string, value: number): readonly HTMLElement[] {
  return [...(sign + String(value).padStart(4, ' '))].map((character) =>
    character === ' ' ? create('span', 'cell') : create('span', 'cell given', createGlyph(character)),
  )
}

// The teacher's mark.
function createTick(): SVGElement {
  const svg = createGlyph('')
  svg.setAttribute('class', 'tick')
  svg.innerHTML = '<path pathLength="1" d="M8 78C18 88 28 104 34 118C48 76 68 42 98 14" />'
  return svg
}
