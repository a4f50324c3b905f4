// options: what a user may pass to the plugin
//
// All optional. Unknown names and wrong values are refused at once, with the nearest name that exists.

/** Where generated declarations go. Both folders are absolute or relative to the project's root. */
export interface TypesOptions {
  /** The folder whose layout is mirrored; also the first entry of `rootDirs`. Default: the project's root. */
  readonly root?: string
  /** The folder of the mirror. Default: `.tsjit/types` in `root`. */
  readonly out?: string
}

/** Options of the plugin. */
export interface Options {
  /** Names in the emitted kernels. Default: `readable` while developing, `minified` for production. */
  readonly names?: 'readable' | 'minified'
  /** The modes to compile. Default: what the compiler finds the app to need. */
  readonly modes?: readonly ('eval' | 'train')[]
  /** Offer `target: 'eager'` as a separate chunk, fetched only when asked for. Default: true. */
  readonly eager?: boolean
  /** Swap models in the running page when their file changes. Default: true while developing. */
  readonly hmr?: boolean
  /** Write a declaration for every compiled module. Default: true. */
  readonly types?: boolean | TypesOptions
}

const known = ['names', 'modes', 'eager', 'hmr', 'types'] as const

/** Throws where an option is unknown or has a value that it does not take. */
export function checkOptions(options: Options): void {
  for (const name of Object.keys(options)) {
    if (!(known as readonly string[]).includes(name)) {
      throw new TypeError(`tsjit: there is no plugin option '${name}'; the options are ${known.join(', ')}`)
    }
  }
  const { names, modes } = options
  if (names !== undefined && names !== 'readable' && names !== 'minified') {
    throw new TypeError(`tsjit: the plugin option names must be 'readable' or 'minified', not ${JSON.stringify(names)}`)
  }
  if (modes !== undefined && !(Array.isArray(modes) && modes.every((mode) => mode === 'eval' || mode === 'train'))) {
    throw new TypeError(`tsjit: the plugin option modes must be an array of 'eval' and 'train'`)
  }
}
