// env: modules that are not TypeScript files

declare module 'virtual:tsjit-peek' {
  /** The source of digits.tsjit. */
  export const source: string
  /** Its kernels, with readable names. */
  export const kernels: readonly { readonly name: string; readonly code: string; readonly note: string }[]
}

declare module '*.safetensors?url' {
  const url: string
  export default url
}

// The plugin writes exact declarations to .tsjit/types; these serve where it has not run.
declare module '*/digits.tsjit' {
  import type { Definition } from '@tsjit/host'
  export const digits: Definition
}

declare module '*/adder.tsjit' {
  import type { Definition } from '@tsjit/host'
  export const adder: Definition
}
