// threads: sessions that use other threads
//
// One door, so that all of it is one file in the app's bundle, which a page loads only when it uses threads.
import type { OpenRequest, Session, WasmDefinitionData, WasmProgramData } from '@tsjit/host'
import type { Team, Watch } from '../session.ts'
import type { Tools } from '../tools.ts'
import { type Conductor, createConductor } from './conduct.ts'
import { join, type Membership, mostThreads } from './pool.ts'
import { coreCount } from './start-thread.ts'
import { createSharedMemory, withSharedMemory } from './share-memory.ts'
import { stepsOf } from './steps.ts'
import { WorkerSession } from './worker-session.ts'

/** Threads that a program uses where the app names no number. */
const USUAL_THREADS = 4

/** Lets helpers forget the programs of models that the app has forgotten without disposing of them. */
const forgotten = new FinalizationRegistry<() => void>((leave) => leave())

/** What a session works with, and what hears of its launches. */
interface Means {
  readonly tools: Tools
  readonly watch: Watch | undefined
}

/** Opens a session on several threads (where memory can be shared), in a worker, or both. */
export function openSession(
  request: OpenRequest<WasmProgramData>,
  { tools, watch }: Means,
  canShare: boolean,
): Session<WasmProgramData> {
  const { data, options } = request
  const { module } = data as WasmDefinitionData
  const threads = mostThreads(options.threads ?? Math.min(USUAL_THREADS, coreCount()))
  const memory = canShare && threads > 1 ? createSharedMemory() : undefined
  const compiled = tools.compileModule(module, memory && withSharedMemory)
  const shared = memory && { memory, threads }
  if (options.worker) return new WorkerSession(compiled, request, { tools, shared, watch })
  return new tools.WasmSession(compiled, request, shared && teamOf(request, { tools, watch }, shared), watch?.mark)
}

function teamOf(
  { program }: OpenRequest<WasmProgramData>,
  { tools: { table, splitWork, innerWork }, watch }: Means,
  { memory, threads }: Pick<Team, 'memory' | 'threads'>,
): Team {
  let membership: Membership | undefined
  let conductor: Conductor | undefined
  const team: Team = {
    threads,
    memory,
    async join(module, scratch) {
      membership = await join({ module, memory, run: program.run, table, scratch }, threads)
      conductor = membership && createConductor(membership.crew, watch?.mark)
      if (membership) forgotten.register(team, membership.leave)
      return membership?.threads ?? 1
    },
    divide(run, parts) {
      const steps = stepsOf({ parts, launches: program.counts[1], threads, splitWork, innerWork })
      return () => (conductor ? conductor.conduct(run, table, steps) : run(table))
    },
    take: (launch) => conductor?.take(launch),
    leave() {
      membership?.leave()
      membership = conductor = undefined
    },
  }
  return team
}
