// Where the assembler is looked for, and what it says.
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { ownArchitectures } from '@tsjit/compiler'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeFakePtxas } from '../tests/support/fake-ptxas.ts'
import { findPtxas, isArchitecture, runPtxas } from './ptxas.ts'

let folder = ''
const at = (...parts: readonly string[]): string => join(folder, ...parts)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tsjit-tools-'))
  for (const name of ['named', 'first', 'toolkit', 'links', 'wrong']) await mkdir(at(name))
  for (const name of ['named', 'first', 'toolkit']) await writeFakePtxas(at(name))
  await writeFakePtxas(at('toolkit'), 'nvcc')
  await symlink(at('toolkit', 'nvcc'), at('links', 'nvcc'))
  await mkdir(at('wrong', 'ptxas'))
})

afterAll(() => rm(folder, { recursive: true }))

const pathOf = (...names: readonly string[]): string => names.map((name) => at(name)).join(delimiter)

test('the assembler is what TSJIT_PTXAS names, else on PATH, else beside nvcc', async () => {
  const named = at('named', 'ptxas')
  expect(await findPtxas({ TSJIT_PTXAS: named, PATH: pathOf('first') })).toBe(named)
  expect(await findPtxas({ TSJIT_PTXAS: at('gone'), PATH: pathOf('first') })).toBeUndefined()
  expect(await findPtxas({ TSJIT_PTXAS: '', PATH: pathOf('wrong', 'first') })).toBe(at('first', 'ptxas'))
  expect(await findPtxas({ PATH: pathOf('links', 'first') })).toBe(at('first', 'ptxas'))
  expect(await findPtxas({ PATH: pathOf('links') })).toBe(at('toolkit', 'ptxas'))
  expect(await findPtxas({ PATH: pathOf('wrong') })).toBeUndefined()
  expect(await findPtxas({})).toBeUndefined()
})

test('names of architectures are those that the runtime asks for', () => {
  expect(ownArchitectures).toContain('sm_90a')
  expect(ownArchitectures.every(isArchitecture)).toBe(true)
  expect(['sm_80', 'sm_90', 'sm_90a', 'sm_120'].every(isArchitecture)).toBe(true)
  expect(['sm90', 'sm_9', 'sm_100a', 'compute_90', 'SM_90', '', 90, undefined].some(isArchitecture)).toBe(false)
})

// Shared memory of 256 bytes, and nothing that could be left out.
const ptx = `.version 7.1
.target sm_80
.address_size 64
.visible .entry first(.param .u64 y)
{
.reg .b32 %r<3>;
.reg .b64 %d<2>;
.shared .align 4 .b8 part[256];
ld.param.u64 %d0, [y];
mov.u32 %r0, %tid.x;
mov.u32 %r1, part;
st.shared.u32 [%r1], %r0;
bar.sync 0;
ld.shared.u32 %r2, [%r1];
st.global.u32 [%d0], %r2;
ret;
}
`

test('what it makes, what it says of each entry, and why it refuses', async () => {
  const tool = at('named', 'ptxas')
  const { code, uses } = await runPtxas(tool, ptx, 'net.ptx', 'sm_90')
  expect(new TextDecoder().decode(code)).toBe(`// sm_90\n${ptx}\0`)
  expect(uses).toEqual([{ name: 'first', registers: 24, shared: 512, spills: 12 }])
  const refused = "ptxas fatal : Value 'sm_75' is not defined for option 'gpu-name'"
  await expect(runPtxas(tool, ptx, 'net.ptx', 'sm_75')).rejects.toThrow(refused)
  await expect(runPtxas(at('gone'), ptx, 'net.ptx', 'sm_90')).rejects.toThrow(/gone/)
})

if (spawnSync('ptxas', ['--version']).status === 0)
  test("the same of NVIDIA's own", async () => {
    const { code, uses } = await runPtxas('ptxas', ptx, 'net.ptx', 'sm_90')
    expect([...code.subarray(0, 4)]).toEqual([0x7f, 0x45, 0x4c, 0x46]) // ELF
    expect(uses).toEqual([{ name: 'first', registers: expect.any(Number), shared: 256, spills: 0 }])
    expect(uses[0]?.registers).toBeGreaterThan(0)
    expect((await runPtxas('ptxas', ptx, 'net.ptx', 'sm_90')).code).toEqual(code)
    const wrong = ptx.replace('bar.sync', 'bar.sink')
    await expect(runPtxas('ptxas', wrong, 'net.ptx', 'sm_90')).rejects.toThrow(/net\.ptx, line 13; error/)
    await expect(runPtxas('ptxas', ptx, 'net.ptx', 'sm_75')).rejects.toThrow(/^ptxas fatal : SM version/)
  })
