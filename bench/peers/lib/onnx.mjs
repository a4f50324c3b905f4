// onnx: a graph -> the bytes of an ONNX model
//
// Just enough of the format (protocol buffers) for the workloads: float and int64 tensors, nodes, plain attributes.

/** Collects the nodes of a model whose inputs and outputs are f32. */
export class OnnxGraph {
  #nodes = []
  #constants = new Map()
  #count = 0

  /** Names a constant; the same name is stored once. */
  f32(name, { shape, data }) {
    return this.#constant(name, tensorProto(name, 1, shape, Float32Array.from(data)))
  }

  /** A scalar. */
  number(value) {
    return this.f32(`number_${value}`, { shape: [], data: [value] })
  }

  /** A vector of int64. */
  integers(...values) {
    const name = `integers_${values.join('_')}`
    return this.#constant(name, tensorProto(name, 7, [values.length], BigInt64Array.from(values, BigInt)))
  }

  /** Adds a node and returns the name of its output, or of its outputs where `outputs` says that there are several. */
  add(op, inputs, attributes = {}, outputs = 1) {
    const names = Array.from({ length: outputs }, () => `t${this.#count++}`)
    this.#nodes.push({ op, inputs, attributes, names })
    return outputs === 1 ? names[0] : names
  }

  /** Returns the model; `result` is the value that it returns as `y`. */
  encode(inputs, result, shape) {
    const rename = (name) => (name === result ? 'y' : name)
    const nodes = this.#nodes.map(({ op, inputs: from, attributes, names }) =>
      message(
        ...from.map((name) => field(1, text(rename(name)))),
        ...names.map((name) => field(2, text(rename(name)))),
        field(4, text(op)),
        ...Object.entries(attributes).map(([name, value]) => field(5, attributeProto(name, value))),
      ),
    )
    const graph = message(
      ...nodes.map((node) => field(1, node)),
      field(2, text('workload')),
      ...[...this.#constants.values()].map((constant) => field(5, constant)),
      ...inputs.map(({ name, shape: sizes }) => field(11, valueProto(name, sizes))),
      field(12, valueProto('y', shape)),
    )
    return message(number(1, 8), field(7, graph), field(8, message(field(1, text('')), number(2, 17))))
  }

  #constant(name, bytes) {
    if (!this.#constants.has(name)) this.#constants.set(name, bytes)
    return name
  }
}

function tensorProto(name, type, shape, values) {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return message(...shape.map((size) => number(1, size)), number(2, type), field(8, text(name)), field(9, raw))
}

// An attribute is a float where its value is { float }, an integer, a string, or an array of integers.
function attributeProto(name, value) {
  const head = field(1, text(name))
  if (typeof value === 'number') return message(head, number(3, value), number(20, 2))
  if (typeof value === 'string') return message(head, field(4, text(value)), number(20, 3))
  if (Array.isArray(value)) return message(head, ...value.map((each) => number(8, each)), number(20, 7))
  const bytes = new Uint8Array(Float32Array.of(value.float).buffer)
  return message(head, Uint8Array.of((2 << 3) | 5, ...bytes), number(20, 1))
}

function valueProto(name, shape) {
  const dims = message(...shape.map((size) => field(1, message(number(1, size)))))
  return message(field(1, text(name)), field(2, message(field(1, message(number(1, 1), field(2, dims))))))
}

function message(...parts) {
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function field(id, bytes) {
  return message(varint((id << 3) | 2), varint(bytes.length), bytes)
}

function number(id, value) {
  return message(varint(id << 3), varint(value))
}

function varint(value) {
  const bytes = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  return Uint8Array.of(...bytes, Number(rest))
}

function text(value) {
  return new TextEncoder().encode(value)
}
