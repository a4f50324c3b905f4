// groups: all programs, by section of the language

import type { Program } from '../program.ts'
import { attention } from './attention.ts'
import { branches } from './branches.ts'
import { checks } from './checks.ts'
import { elementwise } from './elementwise.ts'
import { forms } from './forms.ts'
import { halves } from './halves.ts'
import { hosts } from './host.ts'
import { integers } from './integers.ts'
import { layers } from './layers.ts'
import { loops } from './loops.ts'
import { maps } from './maps.ts'
import { modules } from './modules.ts'
import { nasty } from './nasty.ts'
import { operators } from './operators.ts'
import { products } from './products.ts'
import { random } from './random.ts'
import { reductions } from './reductions.ts'
import { shapes } from './shapes.ts'
import { state } from './state.ts'
import { statics } from './static.ts'
import { structures } from './structures.ts'
import { templates } from './templates.ts'
import { uses } from './uses.ts'

/** Programs by section. */
export const groups: Readonly<Record<string, readonly Program[]>> = {
  templates,
  statics,
  structures,
  layers,
  elementwise,
  shapes,
  reductions,
  random,
  state,
  products,
  operators,
  attention,
  modules,
  forms,
  uses,
  nasty,
  branches,
  loops,
  maps,
  checks,
  hosts,
  halves,
  integers,
}
