// explain: a model -> its graph, kernels and launch plan, and why they are as they are

import { type ModelExplanation, ownArchitectures } from '@tsjit/compiler'
import { targets } from 'unplugin-tsjit/api'
import { compileClean } from '../compile-clean.ts'
import { deviceUse } from '../device-use.ts'
import { findModule } from '../find-files.ts'
import { pickExport } from '../pick-export.ts'
import { exitCodes, UsageError } from '../terminal.ts'
import type { Command } from './command.ts'
import {
  architectureOption,
  architecturesOf,
  exportOption,
  targetOption,
  tf32Of,
  tf32Option,
} from './shared-options.ts'

/** `tsjit explain`. */
export const explain: Command = {
  name: 'explain',
  summary: 'Shows the graph, kernels and launch plan of a model, and why operations were fused or not',
  files: 'FILE',
  options: {
    export: exportOption,
    target: targetOption(targets),
    'cuda-arch': architectureOption('for cuda: devices whose registers to show (default sm_80, where ptxas is)'),
    'cuda-tf32': tf32Option,
    json: { type: 'boolean', help: 'as JSON: one object for one model, otherwise an array' },
  },
  async run(args, terminal) {
    const file = await findModule(args.files[0] ?? '', terminal.cwd)
    const target = targets.find((each) => each === args.text('target')) ?? 'webgpu'
    const architectures = architecturesOf(args)
    const tf32 = tf32Of(args)
    if (architectures.length > 0 && args.has('json'))
      throw new UsageError('--cuda-arch shows a table for people: leave out --json')
    // machine code is for the table alone; PTX of its own the compiler has to print
    const own = architectures.filter((each) => ownArchitectures.includes(each))
    const result = await compileClean(file, terminal, { target, tf32, architectures: own })
    const { explain: all } = result
    const name = args.text('export')
    const models = name === undefined ? all : [pickExport(new Map(all.map((each) => [each.name, each])), name, file)]
    if (args.has('json')) {
      const data = models.map(plainData)
      terminal.print(JSON.stringify(data.length === 1 ? data[0] : data, null, 2))
    } else {
      const uses = await deviceUse(file, result, architectures, terminal)
      const texts = [...models.map(({ text }) => text), ...uses]
      terminal.print(models.length === 0 ? 'no models' : texts.join('\n\n'))
    }
    return exitCodes.ok
  },
}

// The report for people is not data.
function plainData({ text: _text, ...data }: ModelExplanation): Omit<ModelExplanation, 'text'> {
  return data
}
