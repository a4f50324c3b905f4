// module-id: what hosts call a module -> the file it is and the form that is asked for
//
// Hosts add queries (`?import`, `?t=1700000000`, `?v=…`); only `?eager` and the names of targets have a meaning here.

import { type Form, targets } from './targets.ts'

/** Matches the ids of `.tsjit` and `.tsjit.ts` modules, with any query. */
export const modulePattern: RegExp = /\.tsjit(?:\.ts)?(?:\?|$)/

/** A module id taken apart. */
export interface ModuleId {
  /** The file, without a query. */
  readonly file: string
  /** The form: what the build makes first, plain JavaScript on the eager library, or the form for one target. */
  readonly form: Form
}

const forms = ['eager', ...targets] as const

/** Returns the parts of an id, or undefined where it is not a tsjit module or asks for another form (`?raw`, `?url`). */
export function parseModuleId(id: string): ModuleId | undefined {
  if (!modulePattern.test(id)) return undefined
  const at = id.indexOf('?')
  if (at < 0) return { file: id, form: 'main' }
  const query = new URLSearchParams(id.slice(at + 1))
  if (query.has('raw') || query.has('url')) return undefined
  const form = forms.find((name) => query.has(name)) ?? 'main'
  return { file: id.slice(0, at), form }
}
