// host-functions: what modules take from JavaScript, in double precision
//
// Only those that a module names are called; all are the exact functions that eager runs use.

type HostFunction = (x: number, y: number) => number

const { sin, cos, tan } = Math

/** By the name under which a module imports it. */
export const hostFunctions: Readonly<Record<string, HostFunction>> = {
  sin,
  cos,
  tan,
  mod(x, y) {
    const rest = x % y
    if (rest === 0) return y < 0 ? -0 : 0
    return rest < 0 === y < 0 ? rest : rest + y
  },
}

/** Is told of a launch of a program by its index. */
export type TellLaunch = (launch: number) => void

/**
 * Returns what a module imports, with its memory; `divide` is for modules of which threads take launches inside of loops,
 * `mark` for those that tell of their launches.
 */
export function importsOf(
  memory: WebAssembly.Memory,
  divide: TellLaunch = ignore,
  mark: TellLaunch = ignore,
): WebAssembly.Imports {
  return { m: { memory, ...hostFunctions, divide, mark } }
}

function ignore(): void {}
