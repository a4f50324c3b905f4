// profile: models whose launches are timed
//
// The programs of such a model tell of each launch, and the time until the next one is its own: with all threads that take
// part. Only the modules of builds that can be profiled name this.
import { type Definition, kernelNameOf, type Laps, profiled, type WasmDefinitionData } from '@tsjit/host'
import { open, wasm } from './driver.ts'
import { program } from './program.ts'
import type { Watch } from './session.ts'

/** Returns the definition of a compiled model that runs in WebAssembly and can be profiled. */
export function profiledProgram(data: WasmDefinitionData): Definition {
  return profiled(data.name, (laps) => program(data, { ...wasm, trial: laps, open: openOn(laps) }))
}

function openOn(laps: Laps): typeof wasm.open {
  return async (request) => {
    const notes: number[] = []
    const watch: Watch = {
      notes,
      get isOn() {
        return laps.isTiming
      },
      mark(launch) {
        if (laps.isTiming) notes.push(launch, performance.now())
      },
    }
    const session = await open(request, watch)
    const run = session.run.bind(session)
    session.run = async (call) => {
      notes.length = 0
      const results = await run(call)
      for (let i = 2; i < notes.length; i += 2) {
        const [launch = -1, start = 0, , end = 0] = notes.slice(i - 2, i + 2)
        laps.add(kernelNameOf(request.program, launch), end - start)
      }
      return results
    }
    return session
  }
}
