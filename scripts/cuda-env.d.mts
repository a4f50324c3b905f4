/** Builds the emulator where it is needed, and returns the variables with which programs find it. */
export function cudaEnv(env?: Readonly<Record<string, string | undefined>>): Promise<Record<string, string>>
