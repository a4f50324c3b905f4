// Streams, events, graphs, conditional nodes, linking.
import koffi from 'koffi'
import { expect, test } from 'vitest'
import { describeEmulator, i32, packParams, ptxOf, type Param } from './support/open.ts'

process.env['TSJIT_EMU_QUIET'] = '1'

const params = '.param .u64 p, .param .u32 n'
// x[0] = x[0] * 3 + n: the order of launches shows in the result
const stepPtx = ptxOf(
  `ld.param.u64 %d0, [p];
ld.param.u32 %r0, [n];
ld.global.u32 %r1, [%d0];
mad.lo.u32 %r1, %r1, 3, %r0;
st.global.u32 [%d0], %r1;`,
  { params },
)
const slowPtx = ptxOf(
  `ld.param.u64 %d0, [p];
mov.u32 %r0, 0;
$loop:
add.u32 %r0, %r0, 1;
setp.lt.u32 %p0, %r0, 300000;
@%p0 bra $loop;
st.global.u32 [%d0], %r0;`,
)

await describeEmulator('streams and graphs', (emulator) => {
  const step = emulator.entry(emulator.load(stepPtx), 'k')
  const slow = emulator.entry(emulator.load(slowPtx), 'k')
  const value = (address: bigint) => emulator.read(address, new Uint32Array(1))[0]
  const stream = emulator.out('cuStreamCreate', 1)
  const other = emulator.out('cuStreamCreate', 1)
  const launch = (x: bigint, n: number, on = stream) => emulator.launch(step, [1], [1], [x, i32(n)], 0, on)

  // CUDA_KERNEL_NODE_PARAMS
  function nodeParams(kernel: bigint, values: readonly Param[]): readonly [Buffer, ReturnType<typeof packParams>] {
    const packed = packParams(values)
    const node = Buffer.alloc(72)
    node.writeBigUInt64LE(kernel, 0)
    for (const [i, v] of [1, 1, 1, 1, 1, 1, 0].entries()) node.writeUInt32LE(v, 8 + 4 * i)
    node.writeBigUInt64LE(BigInt(koffi.address(packed.pointers)), 40)
    return [node, packed]
  }

  test('a stream runs on by itself, in order; events tell how far it is', () => {
    const x = emulator.zeros(1)
    const [start, end] = [emulator.out('cuEventCreate', 0), emulator.out('cuEventCreate', 0)]
    emulator.must('cuEventRecord', start, stream)
    // long enough that nobody can have seen the end of it yet
    const launches = 40
    for (let i = 0; i < launches; i++) expect(emulator.launch(slow, [1], [32], [x], 0, stream)).toBe(0)
    emulator.must('cuEventRecord', end, stream)
    expect(emulator.call('cuEventQuery', end)).toBe(600)
    expect(emulator.call('cuStreamQuery', stream)).toBe(600)
    emulator.must('cuEventSynchronize', end)
    expect(emulator.call('cuEventQuery', end)).toBe(0)
    expect(value(x)).toBe(300_000)
    const time = new Float32Array(1)
    emulator.must('cuEventElapsedTime', time, start, end)
    expect(time[0]).toBeGreaterThan(0)
  })

  test('a stream waits for the event of another', () => {
    const x = emulator.zeros(1)
    const event = emulator.out('cuEventCreate', 2)
    emulator.launch(slow, [1], [32], [x], 0, stream)
    emulator.must('cuEventRecord', event, stream)
    emulator.must('cuStreamWaitEvent', other, event, 0)
    expect(launch(x, 1, other)).toBe(0)
    emulator.must('cuStreamSynchronize', other)
    expect(value(x)).toBe(900_001)
  })

  test('the default stream waits for blocking streams, and they for it', () => {
    const blocking = emulator.out('cuStreamCreate', 0)
    const x = emulator.zeros(1)
    emulator.launch(slow, [1], [32], [x], 0, blocking)
    launch(x, 1, 0n)
    launch(x, 2, blocking)
    emulator.must('cuStreamSynchronize', blocking)
    expect(value(x)).toBe(2_700_005)
    emulator.must('cuStreamDestroy_v2', blocking)
    expect(launch(x, 2, blocking)).toBe(400)
  })

  test('a captured graph runs as often as it is launched, and a node takes new parameters', () => {
    const x = emulator.zeros(1)
    emulator.must('cuStreamBeginCapture_v2', stream, 2)
    for (const n of [1, 2, 3]) expect(launch(x, n)).toBe(0)
    expect(value(x)).toBe(0)
    const ended = new BigUint64Array(1)
    emulator.must('cuStreamEndCapture', stream, ended)
    const graph = ended[0]!
    const exec = emulator.out('cuGraphInstantiateWithFlags', graph, 0)
    emulator.must('cuGraphLaunch', exec, stream)
    emulator.must('cuStreamSynchronize', stream)
    expect(value(x)).toBe(18)
    const [nodes, count] = [new BigUint64Array(3), new BigUint64Array([3n])]
    emulator.must('cuGraphGetNodes', graph, nodes, count)
    const [node] = nodeParams(step, [x, i32(20)])
    emulator.must('cuGraphExecKernelNodeSetParams_v2', exec, nodes[1]!, node)
    emulator.must('cuMemsetD32_v2', x, 0, 1)
    emulator.must('cuGraphLaunch', exec, stream)
    emulator.must('cuGraphLaunch', exec, stream)
    emulator.must('cuStreamSynchronize', stream)
    expect(value(x)).toBe(72 * 27 + 72)
    emulator.must('cuGraphDestroy', graph)
    expect(emulator.call('cuGraphInstantiateWithFlags', new BigUint64Array(1), graph, 0)).toBe(400)
  })

  test('a capture forks and joins by events; work that is not joined is refused', () => {
    const [x, y] = [emulator.zeros(1), emulator.zeros(1)]
    const [fork, join] = [emulator.out('cuEventCreate', 2), emulator.out('cuEventCreate', 2)]
    const record = (joins: boolean) => {
      emulator.must('cuStreamBeginCapture_v2', stream, 2)
      launch(x, 1)
      emulator.must('cuEventRecord', fork, stream)
      emulator.must('cuStreamWaitEvent', other, fork, 0)
      launch(y, 5, other)
      emulator.must('cuEventRecord', join, other)
      if (joins) emulator.must('cuStreamWaitEvent', stream, join, 0)
      launch(x, 2)
      const graph = new BigUint64Array(1)
      return [emulator.call('cuStreamEndCapture', stream, graph), graph[0]!] as const
    }
    expect(record(false)).toEqual([904, 0n])
    const [result, graph] = record(true)
    expect(result).toBe(0)
    emulator.must('cuGraphLaunch', emulator.out('cuGraphInstantiateWithFlags', graph, 0), stream)
    emulator.must('cuStreamSynchronize', stream)
    expect([value(x), value(y)]).toEqual([5, 5])
  })

  test('a stream that is captured cannot be waited for', () => {
    emulator.must('cuStreamBeginCapture_v2', stream, 0)
    expect(emulator.call('cuStreamSynchronize', stream)).toBe(900)
    expect(emulator.call('cuStreamEndCapture', stream, new BigUint64Array(1))).toBe(901)
    expect(emulator.call('cuStreamBeginCapture_v2', 0n, 0)).toBe(900)
  })

  test('a graph is built of nodes, which run after those that they depend on', () => {
    const x = emulator.zeros(1)
    const graph = emulator.out('cuGraphCreate', 0)
    const [first] = nodeParams(step, [x, i32(1)])
    const [second] = nodeParams(step, [x, i32(2)])
    const a = emulator.out('cuGraphAddKernelNode_v2', graph, null, 0, first)
    emulator.out('cuGraphAddKernelNode_v2', graph, BigUint64Array.of(a), 1, second)
    emulator.must('cuGraphLaunch', emulator.out('cuGraphInstantiateWithFlags', graph, 0), stream)
    emulator.must('cuStreamSynchronize', stream)
    expect(value(x)).toBe(5)
  })

  // CUgraphNodeParams of a conditional node
  function conditional(
    graph: bigint,
    handle: bigint,
    type: number,
    size: number,
    after: bigint[] = [],
  ): readonly bigint[] {
    const node = Buffer.alloc(256)
    node.writeInt32LE(13, 0)
    node.writeBigUInt64LE(handle, 16)
    node.writeInt32LE(type, 24)
    node.writeUInt32LE(size, 28)
    emulator.out('cuGraphAddNode_v2', graph, BigUint64Array.from(after), null, after.length, node)
    const bodies = koffi.decode(node.readBigUInt64LE(32), 'uint64_t', size) as (number | bigint)[]
    return bodies.map(BigInt)
  }

  test('a while node runs its body until a kernel says that it is enough', () => {
    const [n, x] = [emulator.zeros(1), emulator.zeros(1)]
    const graph = emulator.out('cuGraphCreate', 0)
    const handle = emulator.out('cuGraphConditionalHandleCreate', graph, 0n, 1, 1)
    const [body] = conditional(graph, handle, 1, 1)
    emulator.must('cuStreamBeginCaptureToGraph', stream, body!, null, null, 0, 2)
    launch(x, 1)
    const counter = emulator.entry(emulator.fixture('threads'), 'count')
    expect(emulator.launch(counter, [1], [1], [handle, n, i32(7)], 0, stream)).toBe(0)
    emulator.must('cuStreamEndCapture', stream, new BigUint64Array(1))
    const exec = emulator.out('cuGraphInstantiateWithFlags', graph, 0)
    for (let run = 1; run <= 2; run++) {
      emulator.must('cuMemsetD32_v2', n, 0, 1)
      emulator.must('cuGraphLaunch', exec, stream)
      emulator.must('cuStreamSynchronize', stream)
      expect([value(n), value(x)]).toEqual([7, run === 1 ? 1093 : 2_391_484])
    }
  })

  test('an if node runs one body or the other', () => {
    for (const initial of [1, 0]) {
      const x = emulator.zeros(1)
      const graph = emulator.out('cuGraphCreate', 0)
      const handle = emulator.out('cuGraphConditionalHandleCreate', graph, 0n, initial, 1)
      const bodies = conditional(graph, handle, 0, 2)
      for (const [i, body] of bodies.entries()) {
        emulator.out('cuGraphAddKernelNode_v2', body, null, 0, nodeParams(step, [x, i32(10 + i)])[0])
      }
      emulator.must('cuGraphLaunch', emulator.out('cuGraphInstantiateWithFlags', graph, 0), stream)
      emulator.must('cuStreamSynchronize', stream)
      expect(value(x)).toBe(initial ? 10 : 11)
    }
  })

  test('linking gives an image that loads', () => {
    const link = new BigUint64Array(1)
    emulator.must('cuLinkCreate_v2', 0, null, null, link)
    const text = Buffer.from(stepPtx)
    emulator.must('cuLinkAddData_v2', link[0]!, 1, text, text.length, 'step', 0, null, null)
    const [image, size] = [new BigUint64Array(1), new BigUint64Array(1)]
    emulator.must('cuLinkComplete', link[0]!, image, size)
    const cubin = Buffer.from(koffi.decode(image[0]!, 'uint8_t', Number(size[0])) as Uint8Array)
    const module = new BigUint64Array(1)
    emulator.must('cuModuleLoadDataEx', module, cubin, 0, null, null)
    const x = emulator.zeros(1)
    emulator.run(emulator.entry(module[0]!, 'k'), [1], [1], [x, i32(9)])
    expect(value(x)).toBe(9)
    const wrong = Buffer.from(ptxOf('wrong;'))
    expect(emulator.call('cuLinkAddData_v2', link[0]!, 1, wrong, wrong.length, 'wrong', 0, null, null)).toBe(801)
    expect(emulator.call('cuLinkDestroy', link[0]!)).toBe(0)
  })

  test('copies take pageable memory at once', () => {
    const x = emulator.zeros(1024)
    const source = new Uint32Array(1024).fill(7)
    emulator.launch(slow, [1], [32], [x], 0, stream)
    emulator.must('cuMemcpyHtoDAsync_v2', x, BigInt(koffi.address(source)), 4096, stream)
    source.fill(8)
    emulator.must('cuStreamSynchronize', stream)
    expect(value(x)).toBe(7)
  })

  test('the device and its attributes', () => {
    const number = new Int32Array(1)
    emulator.must('cuDeviceGetCount', number)
    expect(number[0]).toBe(1)
    const name = Buffer.alloc(64)
    emulator.must('cuDeviceGetName', name, 64, 0)
    expect(name.toString('utf8').replace(/\0.*$/s, '')).toBe('tsjit emulator')
    emulator.must('cuDeviceGetAttribute', number, 75, 0)
    expect(number[0]).toBe(9)
    expect(emulator.call('cuDeviceGet', number, 1)).toBe(101)
  })

  test('a reset ends all that a context has handed out', () => {
    const [x, own] = [emulator.zeros(1), emulator.out('cuStreamCreate', 1)]
    const kernel = emulator.entry(emulator.load(ptxOf('trap;')), 'k')
    expect(emulator.launch(kernel, [1], [1], [x])).toBe(0)
    expect(emulator.call('cuCtxSynchronize')).toBe(719)
    emulator.must('cuDevicePrimaryCtxReset_v2', 0)
    expect(emulator.call('cuCtxSynchronize')).toBe(0)
    expect(emulator.call('cuMemFree_v2', x)).toBe(1)
    expect(emulator.call('cuStreamSynchronize', own)).toBe(400)
    expect(emulator.launch(kernel, [1], [1], [x])).toBe(400)
    const again = emulator.zeros(1)
    emulator.run(emulator.entry(emulator.load(stepPtx), 'k'), [1], [1], [again, i32(4)])
    expect(value(again)).toBe(4)
  })
})
