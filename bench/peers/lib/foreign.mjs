// foreign: how busy other processes kept the machine over an interval, where /proc tells
import { readFileSync, readdirSync } from 'node:fs'
import { cpus } from 'node:os'

/** Starts an interval; the function returned ends it with the share of all processors that others used, if known. */
export function watchOthers() {
  const before = sample()
  return () => {
    const after = sample()
    if (before === undefined || after === undefined) return undefined
    let own = 0
    for (const [id, ticks] of after.own) own += ticks - (before.own.get(id) ?? 0)
    const seconds = (after.at - before.at) / 1000
    return Math.max(0, (after.busy - before.busy - own) / 100 / seconds / cpus().length)
  }
}

function sample() {
  try {
    const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
      .split('\n')[0]
      .match(/\d+/g)
      .map(Number)
    const processes = new Map()
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const fields = fieldsOf(id)
      if (fields !== undefined) processes.set(Number(id), fields)
    }
    const isOwn = (id) => id === process.pid || (processes.has(id) && isOwn(processes.get(id).parent))
    const own = new Map([...processes].filter(([id]) => isOwn(id)).map(([id, { ticks }]) => [id, ticks]))
    return { at: performance.now(), busy: user + nice + system + irq + softirq, own }
  } catch {
    return undefined
  }
}

// A process may end between being listed and being read.
function fieldsOf(id) {
  try {
    const text = readFileSync(`/proc/${id}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return undefined
  }
}
