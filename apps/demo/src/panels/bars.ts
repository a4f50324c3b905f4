// bars: ten probabilities as a chart that moves

import { create } from '../find.ts'
import { best } from '../model/softmax.ts'
import { percent } from '../words.ts'

/** A chart of probabilities. */
export interface Bars {
  /** Shows probabilities; undefined clears the chart. */
  show(probabilities: readonly number[] | undefined): void
}

/** Fills a list with one bar for each digit. */
export function createBars(list: HTMLElement): Bars {
  const items = Array.from({ length: 10 }, (_, digit) => {
    const value = create('span', 'value')
    const bar = create('span', 'bar')
    const item = create('li', '', value, create('span', 'track', bar), create('span', 'digit', String(digit)))
    item.dataset['digit'] = String(digit)
    return { item, bar, value }
  })
  list.replaceChildren(...items.map(({ item }) => item))
  return {
    show(probabilities) {
      const winner = probabilities ? best(probabilities) : -1
      items.forEach(({ item, bar, value }, digit) => {
        const probability = probabilities?.[digit] ?? 0
        bar.style.setProperty('--share', probability.toFixed(4))
        value.textContent = probabilities ? percent(probability) : ''
        item.toggleAttribute('data-best', digit === winner)
      })
    },
  }
}
