// copy-arrays: the inputs of a call that has to wait -> inputs that the app cannot change

/** Returns inputs with copies of their arrays; what lives on a device stays as it is. */
export function copyArrays(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return (value as Uint8Array).slice()
  if (Array.isArray(value)) return value.map(copyArrays)
  // Tensors, buffers and images have another prototype.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyArrays(item)]))
}
