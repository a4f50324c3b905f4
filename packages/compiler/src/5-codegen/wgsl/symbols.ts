// symbols: what index expressions refer to besides locals
//
// Groups and lanes come from the entry point's builtins, dimensions and scalars from words of one uniform. Each that is
// mentioned gets one `let` at the top of the function.

import { internalError } from '../../base/invariant.ts'
import type { Kernel } from '../../ir/kernel/kernel.ts'
import type { Names } from './names.ts'
import type { Node, Numbering } from './nodes.ts'
import { primary } from './text.ts'

/** The symbols of one printed kernel. */
export interface Symbols {
  /** Returns the node of a symbol, which is declared from now on. */
  node(name: string): Node
  usesUniform(): boolean
  /** Declarations of the module. */
  declarations(binding: number): readonly string[]
  /** Parameters of the entry point. */
  builtins(): readonly string[]
  /** The `let`s at the top of the entry point. */
  prelude(): readonly string[]
}

const axes = ['x', 'y', 'z'] as const

/** Returns the symbols of a kernel, none of them used yet. */
export function createSymbols(kernel: Kernel, names: Names, numbering: Numbering): Symbols {
  const words = [...kernel.dims, ...Array.from({ length: kernel.scalars }, (_, i) => `s${i}`)]
  const used = new Map<string, { readonly node: Node; readonly text: string }>()
  const shared = new Map<'group' | 'lane' | 'uniform', string>()
  const sharedName = (kind: 'group' | 'lane' | 'uniform', wish: string): string => {
    const name = shared.get(kind) ?? names.fresh(wish)
    shared.set(kind, name)
    return name
  }
  const source = (name: string): string => {
    const word = words.indexOf(name)
    if (word >= 0) return `${sharedName('uniform', 'u')}[${word >> 2}].${'xyzw'.charAt(word & 3)}`
    const [, kind, axis] = /^([gl])([012])$/.exec(name) ?? []
    if (kind === undefined) return internalError(`no symbol ${name} in ${kernel.name}`)
    const vector = kind === 'g' ? sharedName('group', 'group') : sharedName('lane', 'lane')
    return `i32(${vector}.${axes[Number(axis)] ?? 'x'})`
  }
  return {
    node(name) {
      const known = used.get(name)
      if (known !== undefined) return known.node
      const value = source(name)
      const own = names.fresh(name)
      const node = numbering.number({
        key: `symbol ${own}`,
        operands: [],
        print: () => primary(own),
        cheap: true,
      })
      used.set(name, { node, text: `let ${own} = ${value};` })
      return node
    },
    usesUniform: () => shared.has('uniform'),
    declarations(binding) {
      const name = shared.get('uniform')
      const vectors = Math.max(1, Math.ceil(words.length / 4))
      return name === undefined
        ? []
        : [`@group(0) @binding(${binding}) var<uniform> ${name}: array<vec4<i32>, ${vectors}>;`]
    },
    builtins() {
      const group = shared.get('group')
      const lane = shared.get('lane')
      return [
        ...(group === undefined ? [] : [`@builtin(workgroup_id) ${group}: vec3<u32>`]),
        ...(lane === undefined ? [] : [`@builtin(local_invocation_id) ${lane}: vec3<u32>`]),
      ]
    },
    prelude: () => [...used.values()].map(({ text }) => text),
  }
}
