// memory: elements in memory -> values, and back
//
// Elements have the size of their dtype. Loads widen, stores narrow; 16-bit floats round to nearest, halves to even.

import type { Dim, DType } from '@tsjit/dsl/compiler'
import type { ScalarType } from '../../ir/kernel/kernel.ts'
import type { Assembler, Operand } from './assembler.ts'
import type { PtxArray, PtxContext, Value } from './context.ts'
import type { RegisterType } from './register-names.ts'
import { splitIndex } from './print-index.ts'
import { sharedAddress } from './shared-address.ts'

/** How elements of a dtype are kept. */
interface Storage {
  readonly bytes: 1 | 2 | 4
  /** The type of the instruction, and of the register that it fills or reads. */
  readonly load: string
  readonly store: string
  readonly register: RegisterType
  widen(stored: Operand, asm: Assembler): Operand
  narrow(value: Operand, asm: Assembler): Operand
}

const keep = (operand: Operand): Operand => operand
const toBool = (stored: Operand, asm: Assembler): Operand => asm.pure('pred', 'setp.ne.s32', stored, '0')
const fromBool = (value: Operand, asm: Assembler): Operand => asm.pure('b32', 'selp.b32', '1', '0', value)
const word = { bytes: 4, register: 'b32', widen: keep, narrow: keep } as const

const storages: { readonly [D in DType]: Storage } = {
  f32: { ...word, load: 'f32', store: 'f32', register: 'f32' },
  i32: { ...word, load: 'u32', store: 'u32' },
  u32: { ...word, load: 'u32', store: 'u32' },
  f16: {
    bytes: 2,
    load: 'b16',
    store: 'b16',
    register: 'b16',
    widen: (stored, asm) => asm.pure('f32', 'cvt.f32.f16', stored),
    narrow: (value, asm) => asm.pure('b16', 'cvt.rn.f16.f32', value),
  },
  bf16: {
    bytes: 2,
    load: 'b16',
    store: 'b16',
    register: 'b16',
    // the upper half of an f32
    widen: (stored, asm) => asm.pure('f32', 'mov.b32', `{0, ${stored}}`),
    narrow: (value, asm) => asm.pure('b16', 'cvt.rn.bf16.f32', value),
  },
  i8: { ...word, bytes: 1, load: 's8', store: 'u8' },
  u8: { ...word, bytes: 1, load: 'u8', store: 'u8' },
  bool: { ...word, bytes: 1, load: 'u8', store: 'u8', widen: toBool, narrow: fromBool },
}

/** In memory of a group every scalar takes a word. */
const grouped: { readonly [T in ScalarType]: Storage } = {
  f32: storages.f32,
  i32: storages.i32,
  u32: storages.u32,
  bool: { ...word, load: 'u32', store: 'u32', widen: toBool, narrow: fromBool },
}

/** Where an access goes. */
interface Place {
  readonly storage: Storage
  /** `global`, `shared`, `local`. */
  readonly space: string
  /** What a load is done with, where that is more: `global.nc`. */
  readonly loadSpace: string
  /** Returns the address of the element, as PTX writes it, `extra` elements on. */
  readonly at: (extra: number) => string
}

/** The place of an element of a parameter. */
export function paramPlace(name: string, index: Dim, context: PtxContext): Place {
  const { asm } = context
  const param = context.params.get(name)
  const storage = storages[param?.dtype ?? 'f32']
  const { register, offset } = splitIndex(index, context)
  const base = context.base(name)
  const address = register === undefined ? base : asm.pure('b64', 'mad.wide.s32', register, String(storage.bytes), base)
  return {
    storage,
    space: 'global',
    loadSpace: param?.isWritten === true ? 'global' : 'global.nc',
    at: (extra) => addressText(address, (offset + extra) * storage.bytes),
  }
}

/** The place of an element of an array in memory of the group, read or stored as a type. */
export function groupPlace(own: PtxArray, index: Dim, type: ScalarType, context: PtxContext): Place {
  const { name, array } = own
  const { stored, rows, width, place = 0 } = array
  if (stored === undefined && rows === undefined && place === 0)
    return arrayPlace({ name, type, width, space: 'shared' }, index, context)
  const storage = stored === undefined ? grouped[type] : storages[stored]
  const { address, offset } = sharedAddress(own, index, context)
  return {
    storage,
    space: 'shared',
    loadSpace: 'shared',
    at: (extra) => addressText(address, offset + extra * storage.bytes),
  }
}

/** The place of an element of an array in memory of the group or of the thread; elements have `width` words. */
export function arrayPlace(
  { name, type, width, space }: { name: string; type: ScalarType; width: number; space: 'shared' | 'local' },
  index: Dim,
  context: PtxContext,
): Place {
  const { asm } = context
  const { register, offset } = splitIndex(index, context)
  const [wide, move] = space === 'shared' ? (['b32', 'mov.u32'] as const) : (['b64', 'mov.u64'] as const)
  const [mad] = space === 'shared' ? ['mad.lo.s32'] : ['mad.wide.s32']
  const address =
    register === undefined ? name : asm.pure(wide, mad, register, String(4 * width), asm.pure(wide, move, name))
  return {
    storage: grouped[type],
    space,
    loadSpace: space,
    at: (extra) => addressText(address, 4 * (offset * width + extra)),
  }
}

function addressText(base: Operand, bytes: number): string {
  return bytes === 0 ? `[${base}]` : `[${base}+${bytes}]`
}

/** Returns the value of `width` neighbouring elements; `isWhole`: they may be read by one instruction. */
export function loadFrom(place: Place, width: number, isWhole: boolean, context: PtxContext): Value {
  const { asm, guard } = context
  const { storage, loadSpace } = place
  const registers = Array.from({ length: width }, () => asm.register(storage.register))
  // what is not read is 0
  if (guard !== undefined)
    for (const register of registers) asm.emit(`mov.${storage.register}`, register, [zeroOf(storage)])
  const load = (dest: string, at: string, vector: string): void =>
    asm.emit(`ld.${loadSpace}${vector}.${storage.load}`, dest, [at], guard ?? '')
  if (width === 1 || !isWhole) registers.forEach((register, i) => load(register, place.at(i), ''))
  else load(`{${registers.join(', ')}}`, place.at(0), `.v${width}`)
  return registers.map((register) => storage.widen(register, asm))
}

function zeroOf({ register }: Storage): string {
  return register === 'f32' ? '0f00000000' : '0'
}

/** Stores a value to neighbouring elements. */
export function storeTo(place: Place, value: Value, isWhole: boolean, asm: Assembler): void {
  const { storage, space } = place
  const stored = value.map((component) => storage.narrow(component, asm))
  const store = (at: string, what: string, vector: string): void =>
    asm.emit(`st.${space}${vector}.${storage.store}`, undefined, [at, what])
  if (value.length === 1 || !isWhole) stored.forEach((component, i) => store(place.at(i), component, ''))
  else store(place.at(0), `{${stored.join(', ')}}`, `.v${value.length}`)
}
