// env: modules that are not TypeScript files
/// <reference types="vite/client" />

declare module 'virtual:tsjit-peek' {
  /** The source of digits.tsjit. */
  export const source: string
  /** Its kernels, with readable names. */
  export const kernels: readonly { readonly name: string; readonly code: string; readonly note: string }[]
}
