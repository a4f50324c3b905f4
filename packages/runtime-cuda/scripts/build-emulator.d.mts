/** Builds the emulator where it is not built yet, and returns the path of `libcuda.so.1`. Throws what g++ says. */
export declare function buildEmulator(): Promise<string>

/** Says why the emulator cannot be built on this machine, or `undefined`. */
export declare function whyNoEmulator(): string | undefined

/** Builds what stands for cuBLASLt in tests, where it is not built yet, and returns its path. */
export declare function buildCublas(): Promise<string>
