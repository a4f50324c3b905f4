// arguments: the command line -> what to measure

/** Shown for --help and after a mistake. */
export const usage = `npm run bench -- [options]
  --only a,b       workloads (default: all)
  --targets a,b    targets (default: all)
  --thorough       more and longer rounds
  --rounds n       rounds over the targets
  --budget ms      milliseconds of a target in a round
  --timeout s      until a first inference counts as failed
  --threads n      threads of tsjit in WebAssembly (default: 1)
  --gpu            WebGPU on this machine's own adapter instead of the software one
  --out folder     default: bench/results`

/** Returns the options. Throws with a sentence where one is unknown. */
export function readArguments(args, workloads, targets) {
  const given = new Map()
  const flags = ['thorough', 'gpu', 'help']
  const values = ['only', 'targets', 'rounds', 'budget', 'timeout', 'threads', 'out']
  for (let i = 0; i < args.length; i++) {
    const [name, inline] = args[i].replace(/^--/, '').split('=')
    if (!args[i].startsWith('--') || ![...flags, ...values].includes(name)) throw new Error(`unknown: ${args[i]}`)
    given.set(name, flags.includes(name) ? true : (inline ?? args[++i]))
  }
  const thorough = given.has('thorough')
  const number = (name, otherwise) => positive(name, given.get(name) ?? otherwise)
  return {
    help: given.has('help'),
    gpu: given.has('gpu'),
    thorough,
    out: given.get('out'),
    workloads: pick('workload', given.get('only'), workloads),
    targets: pick('target', given.get('targets'), targets),
    rounds: number('rounds', thorough ? 12 : 5),
    budget: number('budget', thorough ? 500 : 120),
    cap: thorough ? 60_000 : 2500,
    threads: number('threads', 1),
    timeout: number('timeout', thorough ? 120 : 25) * 1000,
  }
}

function pick(kind, text, known) {
  if (text === undefined) return known
  const names = text.split(',').filter(Boolean)
  const wrong = names.find((name) => !known.includes(name))
  if (wrong !== undefined) throw new Error(`no ${kind} ${wrong}; there are ${known.join(', ')}`)
  return known.filter((name) => names.includes(name))
}

function positive(name, value) {
  if (!(Number(value) > 0)) throw new Error(`--${name} wants a positive number`)
  return Number(value)
}
