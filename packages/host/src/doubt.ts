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

/** Throws the explanation of an error or the error itself, or returns what can be had instead. */
export async function explain<T extends object>(
  error: unknown,
  find: (words: Words) => Refusal | T | undefined | Promise<Refusal | T | undefined>,
): Promise<T> {
  const found = await find(await import('./explain.ts'))
  if (found && !('code' in found)) return found as T
  throw found ? new TsjitError(found.code, found.message, found) : error
}
