// port: the two ends of a line between threads

/** One end of the line between two threads. */
export interface Port {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void
  /** Ends the thread at the other end, or this one where this is its own end. */
  end(): void
}

/** The end that started the thread. */
export interface ThreadPort extends Port {
  /** Whether the process has to stay for this thread. A page does in any case. */
  keep(isNeeded: boolean): void
}

/** What comes over a line. */
export interface Receiver {
  message(data: unknown): void
  /** The thread cannot start, or has died. */
  error(cause: unknown): void
}

/** A thread of Node, seen from either end. */
export interface NodeWorker {
  on(event: string, listener: (value: unknown) => void): void
  postMessage(message: unknown, transfer?: readonly ArrayBuffer[]): void
  terminate(): void
  ref(): void
  unref(): void
}

/** Node's module for threads. */
export interface NodeThreads {
  readonly Worker: new (
    url: URL,
    options: { readonly execArgv: readonly string[]; readonly name: string },
  ) => NodeWorker
  readonly parentPort: (Pick<NodeWorker, 'on' | 'postMessage'> & { close(): void }) | null
}
