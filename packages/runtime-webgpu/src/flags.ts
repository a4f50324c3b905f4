// flags: WebGPU's usage bits, which Node has no globals for

/** Readable by the host. */
export const MAP_READ = 1
/** Source of copies. */
export const COPY_SRC = 4
/** Target of copies and writes. */
export const COPY_DST = 8
/** Uniform binding. */
export const UNIFORM = 64
/** Storage binding. */
export const STORAGE = 128
/** Inputs, outputs and results. */
export const IO_USAGE: number = STORAGE | COPY_SRC | COPY_DST
/** Shader stage. */
export const COMPUTE = 4
