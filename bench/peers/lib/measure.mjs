// measure: one workload -> a row a target
//
// Every target gets a fresh page, runs once and is checked. Those that are right are warmed up and then timed in turn,
// round after round, so that a busy moment of the machine falls on all of them.
import { Hung, openPage } from './chromium.mjs'
import { watchOthers } from './foreign.mjs'
import { targets } from './targets.mjs'
import { startTorch } from './torch.mjs'
import { workloads } from './workloads.mjs'

/** The largest share of the largest number by which a right result may differ. */
const tolerance = 5e-4

/** Returns a result for every target. */
export async function measureWorkload(session, workload, names) {
  const { slow = [] } = workloads[workload]
  const isLeftOut = (name) => slow.includes(name) && !session.thorough && !session.gpu
  const results = names.map((target) => ({
    workload,
    target,
    ...(isLeftOut(target) ? { unsupported: 'many seconds a run in software: --thorough measures it' } : {}),
  }))
  let open = await openAll(session, workload, results)
  // A page that hangs takes the browser with it: the others are opened again without it.
  while (open === undefined) {
    await session.browser.close()
    await session.relaunch()
    open = await openAll(session, workload, results)
  }
  const endWatch = watchOthers()
  for (let round = 0; round < session.rounds; round++) {
    // Turned by one each round: nobody always follows the same neighbour.
    const turned = [...open.slice(round % open.length), ...open.slice(0, round % open.length)]
    for (const { row, target } of turned) await time(session, row, target)
  }
  const others = endWatch()
  for (const { row, target } of open) {
    finish(row, others)
    await target.close().catch(() => {})
  }
  for (const row of results) console.log(line(row))
  return results
}

// Opens what has not failed; undefined where one of them hung.
async function openAll(session, workload, results) {
  const open = []
  for (const row of results.filter(({ failure, unsupported }) => failure === undefined && unsupported === undefined)) {
    const { library, options: own, family } = targets[row.target]
    const { timeout, url, browser, threads } = session
    const options = library === 'tsjit' && family === 'wasm' ? { ...own, threads } : own
    session.takeCode()
    const isTorch = library === 'torch'
    const target = isTorch
      ? startTorch(session.torch, session.data, options)
      : await openPage(browser, url, { library, workload, options, timeout })
    try {
      const { error, ...facts } = await target.open(workload)
      const codeBytes = isTorch ? undefined : session.takeCode()
      Object.assign(row, { error, codeBytes, ...facts, ...pickFirst(row, facts) })
      if (!(error <= tolerance)) throw new Error(`wrong: differs by ${error.toExponential(1)}`)
      const { calls } = await target.measure(session.budget)
      if (family === 'webgpu') row.calls = calls
      open.push({ row, target })
    } catch (failure) {
      fail(row, failure, target.logs)
      await target.close().catch(() => {})
      if (failure instanceof Hung) return undefined
    }
  }
  return open
}

// Where targets are opened again, the first time stays: later ones find caches.
function pickFirst({ first, load, loadAndFirst, total }, facts) {
  return first === undefined ? facts : { first, load, loadAndFirst, total }
}

async function time(session, row, target) {
  // A target that takes seconds gets no more of them than others would wait for.
  const spent = row.times?.reduce((sum, each) => sum + each, 0) ?? 0
  if (row.failure !== undefined || spent > session.cap) return
  try {
    const { times } = await target.measure(session.budget)
    row.times = [...(row.times ?? []), ...times]
  } catch (failure) {
    fail(row, failure, target.logs)
  }
}

function fail(row, failure, logs) {
  const text = String(failure.message).split('\n')[0].slice(0, 300)
  if (text.includes('Unsupported: ')) row.unsupported = text.split('Unsupported: ')[1]
  else row.failure = text
  if (logs?.length > 0) row.logs = logs.slice(0, 3)
}

function finish(row, others) {
  if (row.times === undefined) return
  const sorted = row.times.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  row.median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  row.min = sorted[0]
  row.runs = sorted.length
  row.others = others
  delete row.times
}

function line({ workload, target, median, min, first, error, failure, unsupported, note }) {
  const head = `${workload.padEnd(12)} ${target.padEnd(13)}`
  if (unsupported !== undefined) return `${head} –  ${unsupported}`
  if (failure !== undefined) return `${head} failed: ${failure}`
  const numbers = [median, min, first].map((value) => value.toPrecision(3).padStart(8))
  return `${head} ${numbers[0]} ms  min ${numbers[1]}  first ${numbers[2]}  differs ${error.toExponential(0)}${note ? `  (${note})` : ''}`
}
