// formed-kernel: what forming a group yields, before names and bindings

import type { Dim } from '@tsjit/dsl/compiler'
import type { Stmt } from '../ir/kernel/kernel.ts'

/** The body of a kernel and the launch it is made for. */
export interface FormedKernel {
  readonly lanes: readonly [number, number, number]
  readonly groups: readonly [Dim, Dim, Dim]
  readonly body: readonly Stmt[]
}
