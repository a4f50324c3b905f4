// interpret-watch: which lane touched which element last, so that races show

/** Who touched an element since the last barrier (of group memory) or since the launch began (of buffers). */
interface Touches {
  readonly writers: Map<number, number>
  readonly readers: Map<number, number>
}

const several = -1

/** Finds two lanes that touch one element with nothing to order them. */
export interface Watch {
  read(name: string, index: number, lane: number): void
  write(name: string, index: number, lane: number, isChange: boolean): void
  /** Another array takes the memory of this one. */
  takeOver(name: string, lane: number): void
  forget(name: string): void
}

/** Returns a watch that has seen nothing. */
export function createWatch(fail: (message: string) => never): Watch {
  const touches = new Map<string, Touches>()
  const touchesOf = (name: string): Touches => {
    const known = touches.get(name) ?? { writers: new Map(), readers: new Map() }
    touches.set(name, known)
    return known
  }
  return {
    read(name, index, lane) {
      const { writers, readers } = touchesOf(name)
      const writer = writers.get(index)
      if (writer !== undefined && writer !== lane)
        fail(`a race: ${name}[${index}] is written by one lane and read by another`)
      const reader = readers.get(index)
      readers.set(index, reader === undefined || reader === lane ? lane : several)
    },
    write(name, index, lane, isChange) {
      const { writers, readers } = touchesOf(name)
      const reader = readers.get(index)
      if (reader !== undefined && reader !== lane)
        fail(`a race: ${name}[${index}] is read by one lane and written by another`)
      const writer = writers.get(index)
      if (writer !== undefined && writer !== lane && isChange) fail(`a race: ${name}[${index}] is written by two lanes`)
      writers.set(index, lane)
    },
    takeOver(name, lane) {
      const { writers, readers } = touchesOf(name)
      for (const touched of [writers, readers])
        for (const [index, other] of touched)
          if (other !== lane) fail(`a race: ${name}[${index}] is used by one lane, and its memory by another`)
    },
    forget: (name) => void touches.delete(name),
  }
}
