// tables: results -> Markdown
import { targets as known } from './targets.mjs'

/** Medians, ratios to tsjit, first inferences, WebGPU calls, bytes, notes. */
export function tables(report) {
  const view = viewOf(report)
  const wasm = view.names.filter((name) => view.familyOf(name) === 'wasm')
  const webgpu = view.names.filter((name) => view.familyOf(name) === 'webgpu')
  const times = ({ median, min }) => `${short(median)} (${short(min)})`
  const sections = [
    `# tsjit and its peers\n\n${about(report)}`,
    ...[wasm, webgpu]
      .filter(({ length }) => length > 0)
      .map((names) =>
        section(`Milliseconds of a run, median (minimum): ${names === wasm ? 'CPU' : 'WebGPU'}`, view, names, times),
      ),
    ...[wasm, webgpu].map((names) => ratios(view, names)).filter((text) => text !== ''),
    section(
      'First inference in a fresh page: milliseconds from loading the model on (from the import of the library on; of which the run)',
      view,
      view.names,
      (row) => `${short(row.loadAndFirst)} (${short(row.total)}; ${short(row.first)})`,
    ),
    calls(view, webgpu),
    section(
      'Code that a page fetches, kB gzipped, without weights',
      view,
      view.names.filter((name) => !name.startsWith('torch')),
      ({ codeBytes }) => short(codeBytes / 1000),
    ),
    notes(report),
  ]
  return `${sections.filter(Boolean).join('\n\n')}\n`
}

/** What tables and picture read results by. */
export function viewOf({ results, targets, workloads }) {
  const cells = new Map(results.map((row) => [`${row.workload} ${row.target}`, row]))
  return {
    names: targets,
    workloads: Object.keys(workloads),
    cell: (workload, target) => cells.get(`${workload} ${target}`),
    familyOf: (target) => known[target].family,
  }
}

/** A number with three digits. */
export function short(value) {
  if (value === undefined || Number.isNaN(value)) return ''
  if (value >= 1000) return String(Math.round(value))
  return String(Number(value.toPrecision(3)))
}

function about({ date, machine, browser, adapter, rounds, seconds, threads, results }) {
  const others = Math.max(0, ...results.map((row) => row.others ?? 0))
  const busy =
    others > 0.15 ? ` Other processes took up to ${Math.round(others * 100)} % of the machine: measure again.` : ''
  return `${date.slice(0, 10)}, ${machine}, Chromium ${browser}, WebGPU on ${adapter || 'nothing'}; ${rounds} rounds, ${seconds} s.${busy}
From typed arrays in to a typed array out. tsjit-wasm on ${threads} ${threads === 1 ? 'thread' : 'threads'}.`
}

function section(title, { workloads, cell }, names, show) {
  const value = (row) => {
    if (row === undefined) return ''
    if (row.unsupported !== undefined) return '–'
    if (row.failure !== undefined) return row.failure.startsWith('wrong') ? 'wrong' : 'failed'
    return show(row)
  }
  const rows = workloads.map((workload) => [workload, ...names.map((name) => value(cell(workload, name)))])
  return `## ${title}\n\n${grid([['', ...names], ...rows])}`
}

function ratios(view, names) {
  const own = names.find((name) => name.startsWith('tsjit'))
  const peers = names.filter((name) => name !== own)
  if (own === undefined || peers.length === 0) return ''
  const text = section(`Times of peers, as multiples of ${own}`, view, peers, (row) => {
    const mine = view.cell(row.workload, own)?.median
    return mine === undefined ? '' : `${short(Number((row.median / mine).toPrecision(2)))}×`
  })
  const means = peers.map((name) => {
    const factors = view.workloads.flatMap((workload) => {
      const [theirs, mine] = [name, own].map((each) => view.cell(workload, each)?.median)
      return theirs === undefined || mine === undefined ? [] : [theirs / mine]
    })
    const mean = Math.exp(factors.reduce((sum, factor) => sum + Math.log(factor), 0) / factors.length)
    return `${name} ${short(Number(mean.toPrecision(2)))}× over ${factors.length}`
  })
  return `${text}\n\nGeometric means: ${means.join(', ')}.`
}

function calls(view, names) {
  if (names.length === 0) return ''
  return section(
    'WebGPU calls of a run: dispatches / submits / buffers and bind groups created / writes',
    view,
    names,
    ({ calls: of }) => [of.dispatches, of.submits, of.buffers + of.bindGroups, of.writes].join(' / '),
  )
}

function notes({ results }) {
  const lines = results.flatMap(({ workload, target, failure, unsupported, note }) => {
    const text = failure ?? unsupported ?? note
    return text ? [`- ${target}, ${workload}: ${text}`] : []
  })
  return lines.length === 0 ? '' : `## Notes\n\n${lines.join('\n')}`
}

function grid(rows) {
  const widths = rows[0].map((_, column) => Math.max(3, ...rows.map((row) => row[column].length)))
  const print = (row) =>
    `| ${row.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [print(rows[0]), rule, ...rows.slice(1).map(print)].join('\n')
}
