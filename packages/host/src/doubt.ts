// doubt: what is refused first and explained later
//
// The code that every page loads only sees that something is wrong; the explain-*.ts files find the words.
import { TsjitError, type Refusal } from './errors.ts'
import type { Words } from './explain.ts'

/** Refuses what cannot be right. What it throws is shown only where no explanation is found, a fault of tsjit. */
export function doubt(): never {
  throw new TypeError('internal: refused')
}

/** Refuses options that have other names than the pattern matches. */
export function checkNames(options: object, names: RegExp): void {
  if (!Object.keys(options).every((name) => names.test(name))) doubt()
}

/** Throws the explanation of a TypeError, from here or from whoever met a wrong value; else the error itself. */
export async function explain(error: unknown, find: (words: Words) => Refusal | undefined): Promise<never> {
  const refusal = error instanceof TypeError ? find(await import('./explain.ts')) : undefined
  throw refusal ? new TsjitError(refusal.code, refusal.message, refusal) : error
}
