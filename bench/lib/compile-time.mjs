// compile-time: compiles one file once; run it in a fresh process
import * as compiler from '@tsjit/compiler'
import { resolve } from 'node:path'
import { createFileCompiler, errorsOf } from 'unplugin-tsjit/api'

const result = await createFileCompiler(compiler).compileFile(resolve(process.argv[2]), { names: 'minified' })
if (errorsOf(result).length > 0) process.exit(1)
