// conditional: loops that the device ends by itself
//
// A while node of a graph runs its body for as long as a value is not 0, which a kernel sets at the end of each turn. Drivers
// before CUDA 12.4 have none: there the host reads the flag after some turns.
import { check, valueOf } from '../api/check.ts'
import type { DriverApi, Handle } from '../api/driver-api.ts'
import type { CudaDevice } from './device.ts'

/** What while nodes need of a driver, and the kernel that sets their value. */
export interface Conditional {
  readonly createHandle: NonNullable<DriverApi['cuGraphConditionalHandleCreate']>
  readonly addNode: NonNullable<DriverApi['cuGraphAddNode']>
  readonly beginCapture: NonNullable<DriverApi['cuStreamBeginCaptureToGraph']>
  /** Takes the handle and the address of a truth value. */
  readonly set: Handle
}

/** CUDA 12.4. */
const LEAST_VERSION = 12_040

// The driver has the function that it calls.
const ptx = `.version 7.1
.target sm_80
.address_size 64
.extern .func cudaGraphSetConditional (.param .b64 handle, .param .b32 value);
.visible .entry tsjit_go_on(.param .u64 handle, .param .u64 flag)
.reqntid 1, 1, 1
{
.reg .b32 %value;
.reg .b64 %handle, %flag;
ld.param.u64 %handle, [handle];
ld.param.u64 %flag, [flag];
ld.global.u8 %value, [%flag];
{
.param .b64 given;
.param .b32 wanted;
st.param.b64 [given], %handle;
st.param.b32 [wanted], %value;
call.uni cudaGraphSetConditional, (given, wanted);
}
ret;
}
`

/** Returns what while nodes need; undefined where the driver has none. */
export function conditionalOf(device: CudaDevice): Conditional | undefined {
  if (device.conditional === undefined) device.conditional = load(device) ?? null
  return device.conditional ?? undefined
}

function load({ api, driverVersion }: CudaDevice): Conditional | undefined {
  const { cuGraphConditionalHandleCreate, cuGraphAddNode, cuStreamBeginCaptureToGraph } = api
  if (driverVersion < LEAST_VERSION) return undefined
  if (!cuGraphConditionalHandleCreate || !cuGraphAddNode || !cuStreamBeginCaptureToGraph) return undefined
  const image = new TextEncoder().encode(`${ptx}\0`)
  const module = new BigUint64Array(1)
  // A driver that does not take it runs loops the other way.
  if (api.cuModuleLoadDataEx(module, image, 0, null, null) !== 0) return undefined
  const set = valueOf(api, 'tsjit_go_on', (out) => api.cuModuleGetFunction(out, Number(module[0]), 'tsjit_go_on'))
  return {
    createHandle: cuGraphConditionalHandleCreate,
    addNode: cuGraphAddNode,
    beginCapture: cuStreamBeginCaptureToGraph,
    set,
  }
}

/** CU_GRAPH_NODE_TYPE_CONDITIONAL, CU_GRAPH_COND_TYPE_WHILE, CU_GRAPH_COND_ASSIGN_DEFAULT. */
const CONDITIONAL = 13
const WHILE = 1
const ASSIGN_DEFAULT = 1
/** Of CUgraphNodeParams, and where in it the conditional node's begin. */
const PARAMETER_BYTES = 256
const PARAMETERS = 16

/** A loop in a graph. */
export interface WhileNode {
  readonly node: Handle
  /** The graph of a turn. */
  readonly body: Handle
  /** What the kernel that sets the value takes: all 64 bits mean something. */
  readonly value: bigint
}

/** Adds a loop to a graph that runs at least one turn. */
export function addWhile(
  { api, context }: CudaDevice,
  { createHandle, addNode }: Conditional,
  graph: Handle,
  after: BigUint64Array,
): WhileNode {
  const [handle, node] = [new BigUint64Array(1), new BigUint64Array(1)]
  check(api, createHandle(handle, graph, context, 1, ASSIGN_DEFAULT), 'cuGraphConditionalHandleCreate')
  const parameters = new DataView(new ArrayBuffer(PARAMETER_BYTES))
  parameters.setInt32(0, CONDITIONAL, true)
  parameters.setBigUint64(PARAMETERS, handle[0] ?? 0n, true)
  parameters.setInt32(PARAMETERS + 8, WHILE, true)
  parameters.setInt32(PARAMETERS + 12, 1, true)
  parameters.setBigUint64(PARAMETERS + 24, BigInt(context), true)
  check(api, addNode(node, graph, after, after.length, parameters), 'cuGraphAddNode')
  // The driver's own list of one graph.
  const bodies = new BigUint64Array(api.view(Number(parameters.getBigUint64(PARAMETERS + 16, true)), 8))
  return { node: Number(node[0]), body: Number(bodies[0]), value: handle[0] ?? 0n }
}
