// session: what one run of a host has settled
//
// The user's options, and what the host says of itself once it has read its configuration.

import type { FormOptions } from './compile-file.ts'
import type { Options, TypesOptions } from './options.ts'

/** The settled options; hosts fill in what they know before the first module. */
export interface Session {
  /** The project's root: paths are shown relative to it. */
  root: string
  /** Whether this is a development build. */
  isDevelopment: boolean
  /** Whether the host can replace modules in a running page. */
  canReplace: boolean
  /** Conditions of package exports that the host uses. */
  conditions: readonly string[]
  /** What, beside the files, decides about the emitted code. */
  readonly options: Options
  readonly hmr: boolean
  readonly types: boolean | TypesOptions
  /** Options of the file compiler. */
  fileOptions(): FormOptions
}

/** Returns a session for a production build in the current folder, until a host says otherwise. */
export function createSession(options: Options): Session {
  return {
    root: process.cwd(),
    isDevelopment: false,
    canReplace: false,
    conditions: [],
    options,
    get hmr() {
      return options.hmr ?? (this.isDevelopment && this.canReplace)
    },
    types: options.types ?? true,
    fileOptions() {
      return {
        names: options.names ?? (this.isDevelopment ? 'readable' : 'minified'),
        checks: options.checks ?? this.isDevelopment,
        profile: options.profile ?? this.isDevelopment,
        targets: options.targets,
        eager: options.eager,
        conditions: this.conditions,
        ...options.cuda,
        ...(options.modes === undefined ? {} : { modes: options.modes }),
      }
    },
  }
}
