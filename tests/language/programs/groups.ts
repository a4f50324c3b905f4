// groups: all programs, by section of the language

import type { Program } from '../program.ts'
import { attention } from './attention.ts'
import { elementwise } from './elementwise.ts'
import { forms } from './forms.ts'
import { layers } from './layers.ts'
import { modules } from './modules.ts'
import { nasty } from './nasty.ts'
import { operators } from './operators.ts'
import { products } from './products.ts'
import { reductions } from './reductions.ts'
import { shapes } from './shapes.ts'
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
  products,
  operators,
  attention,
  modules,
  forms,
  uses,
  nasty,
}
