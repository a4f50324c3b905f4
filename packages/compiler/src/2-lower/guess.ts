// guess: code that may never run, gone through for its own mistakes

import type { Completion, Evaluation } from './evaluation.ts'

/** Runs `action` behind a condition that could not be decided; a `return` in it makes the function's value uncertain. */
export function guess(evaluation: Evaluation, action: () => Completion | void): void {
  evaluation.guesses += 1
  try {
    const completion = action()
    const frame = evaluation.frames.at(-1)
    if (typeof completion === 'object' && frame !== undefined) frame.mayReturn = true
  } finally {
    evaluation.guesses -= 1
  }
}
