// register-names: registers and labels of one entry
//
// Where names are readable, what the kernel names keeps its name; everything else is a letter for the type and a number.

/** What a register holds. */
export type RegisterType = 'pred' | 'b16' | 'b32' | 'f32' | 'b64'

/** Gives out registers and labels. */
export interface RegisterNames {
  fresh(type: RegisterType, wish?: string): string
  label(wish: string): string
  /** The declarations of all registers so far. */
  declarations(): readonly string[]
}

const letters: { readonly [T in RegisterType]: string } = { pred: 'p', b16: 'h', b32: 'r', f32: 'f', b64: 'd' }

/** Registers that every thread has; none of ours may have their names. */
const special =
  /^(tid|n?tid|laneid|n?warpid|n?ctaid|n?smid|gridid|clock\w*|pm\d.*|lanemask_\w+|globaltimer\w*|envreg\d+|\w*smem\w*|\w*cluster\w*|current_graph_exec|reserved\w*|[phrfd]\d+)$/

/** Returns an empty set of names. */
export function createRegisterNames(style: 'readable' | 'minified'): RegisterNames {
  const counts = new Map<RegisterType, number>()
  const named = new Map<RegisterType, string[]>()
  const taken = new Set<string>()
  let labels = 0
  const unique = (wish: string): string => {
    const legal = wish.replaceAll(/\W/g, '_')
    const base = special.test(legal) ? `${legal}_` : legal
    let name = base
    for (let n = 1; taken.has(name) || special.test(name); n++) name = `${base}_${n}`
    taken.add(name)
    return name
  }
  return {
    fresh(type, wish) {
      if (wish !== undefined && style === 'readable') {
        const name = `%${unique(wish)}`
        named.set(type, [...(named.get(type) ?? []), name])
        return name
      }
      const count = counts.get(type) ?? 0
      counts.set(type, count + 1)
      return `%${letters[type]}${count}`
    },
    label: (wish) => (style === 'readable' ? `$${unique(wish)}` : `$${labels++}`),
    declarations: () =>
      types.flatMap((type) => {
        const count = counts.get(type) ?? 0
        const own = named.get(type) ?? []
        const all = [...(count === 0 ? [] : [`%${letters[type]}<${count}>`]), ...own]
        return all.length === 0 ? [] : [`\t.reg .${type} ${all.join(', ')};`]
      }),
  }
}

const types: readonly RegisterType[] = ['pred', 'b16', 'b32', 'f32', 'b64']
