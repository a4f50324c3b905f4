// add: two numbers -> the tokens of their sum, one by one
//
// The prompt is `123+456=`, each number padded to three digits; the answer is the four digits of the sum from the units
// on, and a line feed. Greedy decoding: every token is the most probable one after all tokens before.

import type { Lab, LabTarget } from './lab.ts'
import { best, softmax } from './softmax.ts'

const vocabulary = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '=', '\n']

/** One token that the model has written. */
export interface WrittenToken {
  readonly text: string
  readonly probability: number
  readonly milliseconds: number
}

/** Returns the prompt for two numbers of at most three digits. */
export function promptOf(a: number, b: number): string {
  return `${String(a).padStart(3, '0')}+${String(b).padStart(3, '0')}=`
}

/** Yields the tokens that follow the prompt, up to and without the line feed. */
export async function* add(lab: Lab, target: LabTarget, prompt: string): AsyncGenerator<WrittenToken> {
  const tokens = [...prompt].map((character) => vocabulary.indexOf(character))
  for (let count = 0; count < 5; count += 1) {
    const start = performance.now()
    const logits = await lab.run(target, { tokens: [tokens] }, 'logits')
    const probabilities = softmax(
      logits.slice((tokens.length - 1) * vocabulary.length, tokens.length * vocabulary.length),
    )
    const token = best(probabilities)
    tokens.push(token)
    const text = vocabulary[token] ?? ''
    if (text === '\n') return
    yield { text, probability: probabilities[token] ?? 0, milliseconds: performance.now() - start }
  }
}
