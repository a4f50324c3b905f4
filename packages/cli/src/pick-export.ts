// pick-export: the export that a command is about

import { basename } from 'node:path'
import { didYouMean } from '@tsjit/compiler'
import { UsageError } from './terminal.ts'

/** Returns the named export, or the only one where no name is given. Throws a usage error that lists what there is. */
export function pickExport<T>(exports: ReadonlyMap<string, T>, name: string | undefined, file: string): T {
  const names = [...exports.keys()]
  const module = basename(file)
  if (names.length === 0) throw new UsageError(`${module} exports no model`)
  if (name === undefined) {
    const [only] = exports.values()
    if (only === undefined || names.length > 1) {
      throw new UsageError(`${module} exports ${names.join(', ')}: pick one with --export`)
    }
    return only
  }
  const found = exports.get(name)
  if (found !== undefined) return found
  const near = didYouMean(name, names)
  throw new UsageError(
    `${module} exports no model '${name}'${near ? `; did you mean '${near}'?` : `: ${names.join(', ')}`}`,
  )
}
