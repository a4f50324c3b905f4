// programs: those that must compile, with what they run on and give

import { readFileSync } from 'node:fs'
import type { Inputs, Program } from '../language/program.ts'

/** A file of this folder, and what is checked of it beside that compiled and eager runs agree. */
interface Row {
  readonly file: string
  readonly inputs: Readonly<Record<string, Inputs>>
  readonly dims?: readonly string[]
  readonly sizes?: Program['sizes']
  readonly ranges?: Program['ranges']
  readonly absent?: Program['absent']
  /** Takes the software GPU's compiler long: on WebGPU only in long runs. */
  readonly slow?: true
}

const rows: readonly Row[] = [
  {
    file: 'C01-branch-on-a-sum',
    inputs: { x: 'f32(N)' },
  },
  {
    file: 'C03-literal-tuple',
    inputs: { x: 'f32(N)' },
  },
  {
    file: 'C05-bound-from-a-shape',
    inputs: { x: 'f32(N, M)' },
    sizes: [1, 4, 7].map((N) => ({ N, M: 3 })),
  },
  { file: 'C07-early-return', inputs: { x: 'f32(N)' }, ranges: { x: [-0.9, 1.1] }, sizes: [{ N: 1 }, { N: 40 }] },
  {
    file: 'C09-convolution-by-hand',
    slow: true,
    inputs: { x: 'f32(N, 3, 16, 16)' },
    sizes: [{ N: 2 }],
  },
  {
    file: 'C11-train-and-eval',
    inputs: { x: 'f32(B, 3, 5, 5)' },
  },
  {
    file: 'C13-transformer-block',
    slow: true,
    inputs: { x: 'f32(B, T, 16)' },
  },
  { file: 'C15-optional-input', inputs: { x: 'f32(N)', factor: 'optional(f32(N))' }, absent: [['factor'], []] },
  { file: 'C17-captured-constant', inputs: { x: 'f32(N)' } },
  {
    file: 'C19-collatz',
    inputs: { n: 'i32(N)' },
    ranges: { n: [1, 30] },
  },
  { file: 'C21-swap', inputs: { a: 'f32(N)', b: 'f32(N)' } },
  {
    file: 'C23-broadcasting',
    inputs: { a: 'f32(7, 1)', b: 'f32(13)', c: 'f32(3, 4)', d: 'f32(4)' },
  },
  { file: 'C27-local-to-one-branch', inputs: { x: 'f32(N)' } },
  { file: 'C29-reassigned-in-a-loop', inputs: { x: 'f32(N)' } },
  { file: 'C31-runtime-check', inputs: { x: 'f32(N)' }, ranges: { x: [0.1, 3] } },
  { file: 'C33-two-results', inputs: { x: 'f32(N, 4)' }, ranges: { x: [0, 3] } },
  {
    file: 'while-double',
    inputs: { x: 'f32(N)' },
    ranges: { x: [1, 3] },
  },
  {
    file: 'newton',
    inputs: { x: 'f32(N)' },
    ranges: { x: [0.1, 9] },
  },
  {
    file: 'continue-and-return',
    inputs: { x: 'f32(N, 2)' },
  },
  {
    file: 'floor-division',
    inputs: { a: 'i32(N)', b: 'i32(N)' },
    ranges: { b: [1, 5] },
  },
]

/** Programs of the list that wait for a part of the language. */
export const later: readonly (readonly [id: string, reason: string])[] = [
  ['C25 gradient through loops and branches', 'grad'],
  ['C35 fixed-structure hierarchical model', 'probabilistic programs'],
  ['C37 HMC with run-time step count', 'grad and probabilistic programs'],
  ['C39 both branches of a sampled choice compiled', 'probabilistic programs'],
]

/** All of them, on random numbers; ../golden has some of them on reference values. */
export const programs: readonly Program[] = rows.map(({ file, slow, sizes, ranges, absent, inputs }) => {
  const module = readFileSync(new URL(`${file}.tsjit`, import.meta.url), 'utf8')
  return {
    name: file,
    inputs,
    module,
    dims: Object.fromEntries([...module.matchAll(/dim\('(\w+)'/g)].map(([, name]) => [name, ''])),
    ...(slow && { slow }),
    ...(sizes && { sizes }),
    ...(ranges && { ranges }),
    ...(absent && { absent }),
  }
})
