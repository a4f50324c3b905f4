// peek-panel: the source of a model beside the kernels that it became

import { create, find } from '../find.ts'
import { bytes } from '../words.ts'
import { highlight } from './highlight.ts'
import { kernels, source } from 'virtual:tsjit-peek'

/** Fills the panel. */
export function createPeekPanel(): void {
  find('#peek-source', HTMLElement).replaceChildren(...highlight(source))
  const tabs = find('#peek-tabs', HTMLElement)
  const code = find('#peek-kernel', HTMLElement)
  const reason = find('#peek-reason', HTMLElement)
  const buttons = kernels.map((kernel, index) => {
    const button = create('button', '', String(index + 1))
    button.setAttribute('type', 'button')
    button.setAttribute('role', 'tab')
    button.setAttribute('aria-label', `Kernel ${index + 1}, ${kernel.name}`)
    button.setAttribute('aria-controls', 'peek-panel')
    button.addEventListener('click', () => select(index))
    return button
  })
  const select = (index: number): void => {
    const kernel = kernels[index]
    if (!kernel) return
    code.replaceChildren(...highlight(kernel.code))
    reason.textContent = kernel.note
    buttons.forEach((button, at) => {
      button.setAttribute('aria-selected', String(at === index))
      button.tabIndex = at === index ? 0 : -1
    })
  }
  tabs.replaceChildren(...buttons)
  tabs.addEventListener('keydown', ({ key }) => {
    const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0
    const at = buttons.findIndex((button) => button === document.activeElement)
    const next = (at + step + buttons.length) % buttons.length
    if (step === 0 || at < 0) return
    select(next)
    buttons[next]?.focus()
  })
  select(0)
  void showWeighing()
}

// Peers as measured in this project's benchmark, for a page with one multi-layer perceptron.
const peers = [
  ['onnxruntime-web, and 26.8 MB of wasm', 37_700],
  ['jax-js', 95_600],
  ['TensorFlow.js', 103_000],
] as const

// The build leaves the size of the smallest page beside it; the development server has none.
async function showWeighing(): Promise<void> {
  const response = await fetch('sizes.json').catch(() => undefined)
  if (!response?.ok || !response.headers.get('content-type')?.includes('json')) return
  const sizes = (await response.json()) as { readonly digits: number }
  const rows = [['this digits page, runtime included', sizes.digits] as const, ...peers]
  const widest = Math.max(...rows.map(([, size]) => size))
  find('#weighing-list', HTMLElement).replaceChildren(
    ...rows.map(([name, size], index) => {
      const bar = create('span', 'bar')
      bar.style.setProperty('--share', String(size / widest))
      const row = create(
        'li',
        index === 0 ? 'own' : '',
        create('span', 'name', name),
        bar,
        create('b', '', bytes(size)),
      )
      return row
    }),
  )
  find('#weighing', HTMLElement).hidden = false
}
