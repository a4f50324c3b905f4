// picture: results -> an SVG of ratios: how long a peer takes where tsjit takes 1
import { short, viewOf } from './tables.mjs'
import { targets } from './targets.mjs'

const shapes = ['circle', 'ring', 'diamond', 'triangle', 'square', 'cross']

/** One panel for the CPU, one for WebGPU; a mark to the right of the line is slower than tsjit. Log scale. */
export function picture(report) {
  const view = viewOf(report)
  const panels = ['wasm', 'webgpu'].flatMap((family) => panelOf(view, family))
  if (panels.length === 0) return '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>\n'
  const width = 860
  const parts = []
  let top = 0
  for (const panel of panels) {
    parts.push(`<g transform="translate(0 ${top})">${draw(panel, width)}</g>`)
    top += 92 + 24 * panel.rows.length
  }
  const { date, machine, adapter } = report
  const caption = `Medians of ${date.slice(0, 10)}; ${machine}; WebGPU on ${adapter || 'nothing'}`
  parts.push(`<text class="soft" x="12" y="${top + 8}">${caption}</text>`)
  const height = top + 24
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<style>
  svg { font: 13px system-ui, sans-serif; --ink: #1c1e21; --faint: #d5d8dc; --soft: #62676d; color: var(--ink) }
  svg { --s0: #0b6bcb; --s1: #c2410c; --s2: #15803d; --s3: #7e22ce; --s4: #b91c5c; --s5: #57534e }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e8eaed; --faint: #3a3f45; --soft: #9aa0a6 }
    svg { --s0: #6cb2ff; --s1: #ff9d66; --s2: #5fd28a; --s3: #c79bff; --s4: #ff8fb8; --s5: #c4beb8 }
  }
  text { fill: var(--ink) } .soft { fill: var(--soft) } .title { font-weight: 600; font-size: 15px }
  .grid { stroke: var(--faint) } .one { stroke: var(--ink); stroke-width: 1.5 } .end { text-anchor: end } .mid { text-anchor: middle }
</style>
${parts.join('\n')}
</svg>
`
}

function panelOf(view, family) {
  const names = view.names.filter((name) => view.familyOf(name) === family)
  const own = names.find((name) => name.startsWith('tsjit'))
  const peers = names.filter((name) => name !== own)
  if (own === undefined || peers.length === 0) return []
  const rows = view.workloads.flatMap((workload) => {
    const mine = view.cell(workload, own)?.median
    if (mine === undefined) return []
    const marks = peers.flatMap((peer) => {
      const theirs = view.cell(workload, peer)?.median
      return theirs === undefined ? [] : [{ ratio: theirs / mine, peer }]
    })
    return [{ workload, mine, marks }]
  })
  return [{ own, peers, rows }]
}

function draw({ own, peers, rows }, width) {
  const ratios = rows.flatMap(({ marks }) => marks.map(({ ratio }) => ratio))
  const low = Math.min(0.5, ...ratios) / 1.15
  const high = Math.max(2, ...ratios) * 1.15
  const [left, right] = [190, width - 24]
  const x = (ratio) => left + ((Math.log(ratio) - Math.log(low)) / (Math.log(high) - Math.log(low))) * (right - left)
  const bottom = 62 + 24 * rows.length
  const ticks = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]
  const grid = ticks
    .filter((tick) => tick >= low && tick <= high)
    .map(
      (tick) =>
        `<line class="${tick === 1 ? 'one' : 'grid'}" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="52" y2="${bottom}"/>` +
        `<text class="soft mid" x="${at(x(tick))}" y="${bottom + 17}">${tick}×</text>`,
    )
  const legend = peers.map((peer, i) => {
    const from = 190 + i * 112
    return `${mark(targets[peer].mark, from, 36)}<text x="${from + 10}" y="40">${peer}</text>`
  })
  const lines = rows.map(({ workload, mine, marks }, i) => {
    const y = 68 + 24 * i
    const points = marks.map(
      ({ ratio, peer }) =>
        `<g><title>${peer}: ${short(Number(ratio.toPrecision(2)))}×</title>${mark(targets[peer].mark, x(ratio), y)}</g>`,
    )
    return (
      `<text class="end" x="104" y="${y + 4}">${workload}</text>` +
      `<text class="soft end" x="176" y="${y + 4}">${short(mine)} ms</text>` +
      `<line class="grid" x1="${left}" x2="${right}" y1="${y}" y2="${y}"/>${points.join('')}`
    )
  })
  return [
    `<text class="title" x="12" y="20">Time of a run, where ${own} takes 1×</text>`,
    ...legend,
    ...grid,
    ...lines,
  ].join('\n')
}

function mark(index, x, y) {
  const shape = shapes[index]
  const fill = `style="fill:var(--s${index})"`
  const stroke = `style="fill:none;stroke:var(--s${index});stroke-width:2"`
  const [cx, cy] = [at(x), at(y)]
  if (shape === 'circle') return `<circle cx="${cx}" cy="${cy}" r="5" ${fill}/>`
  if (shape === 'ring') return `<circle cx="${cx}" cy="${cy}" r="4.5" ${stroke}/>`
  if (shape === 'square') return `<rect x="${at(x - 4.5)}" y="${at(y - 4.5)}" width="9" height="9" ${fill}/>`
  const paths = {
    diamond: 'M0-6 6 0 0 6-6 0Z',
    triangle: 'M0-5.5 6 5-6 5Z',
    cross: 'M-4.5-4.5 4.5 4.5M-4.5 4.5 4.5-4.5',
  }
  return `<path transform="translate(${cx} ${cy})" d="${paths[shape]}" ${shape === 'cross' ? stroke : fill}/>`
}

function at(value) {
  return Number(value.toFixed(1))
}
