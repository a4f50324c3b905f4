// printed-kernel: what code generation hands to emitting

/** A kernel as text, as a WebGPU runtime takes it. */
export interface PrintedKernel {
  readonly code: string
  /** One letter a parameter: 'r' bound read-only, 'w' bound read_write. */
  readonly access: string
  /** Whether the binding after the last parameter is the uniform with dims and scalars. */
  readonly uniform: boolean
  /** Device features that it needs. */
  readonly features: readonly string[]
}
