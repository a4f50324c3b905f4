// compile-file: a file -> the module that stands for it
//
// The one place where hosts, the command line and Node's import hooks meet the compiler. Results are kept in memory
// for as long as every file that they were made from is the same.

import { basename } from 'node:path'
import type { CodegenTarget, CompileOptions, CompileResult } from '@tsjit/compiler'
import { withCubins } from './assemble-cuda.ts'
import type { Compiler, SourceMapLike } from './compiler.ts'
import { createSourceHost } from './source-host.ts'
import type { HostOptions, RecordingHost } from './source-host.ts'

/** What decides about the result of a compilation, beside the files. */
export interface FileOptions extends HostOptions {
  readonly names?: 'readable' | 'minified'
  readonly modes?: readonly ('eval' | 'train')[]
  /** Keep `print` and `check`; default: false. */
  readonly checks?: boolean
  /** Whether instances can be profiled; default: false. */
  readonly profile?: boolean
  /** What it runs on; default: WebGPU. */
  readonly target?: CodegenTarget | 'c'
  /** For C: what the exported program runs on. */
  readonly device?: CompileOptions['device']
  /** For C: whether another file has the weights. */
  readonly embedded?: boolean
  /** For CUDA: architectures (`sm_90`) to have machine code for, by `ptxas`. Default: none, the driver compiles. */
  readonly architectures?: readonly string[]
  /** For CUDA: whether products of f32 may round their factors to tf32. Default: false. */
  readonly tf32?: boolean
  /** Emit references to the other forms of the module. */
  readonly others?: readonly ('eager' | CodegenTarget)[]
  /** What those references carry besides: `train`. */
  readonly query?: string
  /** How an eager module imports a file of a package. Default: by its path. */
  readonly link?: (file: string) => string
}

/** What a module is compiled for, and into which forms. */
export interface FormOptions extends Omit<FileOptions, 'target' | 'others'> {
  /**
   * The first is the main form, a second one is fetched where the first is not to be had. Default: WebGPU and then
   * WebAssembly, the other way round for models that a GPU would start more slowly than a CPU computes them.
   */
  readonly targets?: readonly CodegenTarget[] | undefined
  /** Refer to the eager form too. Default: true. */
  readonly eager?: boolean | undefined
}

/** A module for `target: 'eager'`: JavaScript on the eager library. */
export interface EagerModule {
  readonly code: string
  readonly map: SourceMapLike
}

/** Compiles files and remembers the results. */
export interface FileCompiler {
  /** Compiles a `.tsjit` file. Rejects where the file cannot be read; mistakes in it are diagnostics. */
  compileFile(file: string, options?: FileOptions): Promise<CompileResult>
  /** Compiles a `.tsjit` file into the form that was asked for. */
  compileForm(file: string, form: 'main' | CodegenTarget, options?: FormOptions): Promise<CompileResult>
  /** Returns a `.tsjit` file as plain JavaScript, its `.tsjit` imports likewise. */
  eagerFile(file: string, options?: FileOptions): Promise<EagerModule>
}

interface Entry {
  readonly host: RecordingHost
  readonly result: Promise<CompileResult>
}

/** Returns a file compiler with an empty memory. */
export function createFileCompiler(compiler: Compiler): FileCompiler {
  const entries = new Map<string, Entry>()
  return {
    compileForm(file, form, options = {}) {
      return compileForm(this, file, form, options)
    },
    async compileFile(file, options = {}) {
      const key = JSON.stringify([
        file,
        options.target,
        options.device,
        options.embedded,
        options.architectures,
        options.tf32,
        options.names,
        options.modes,
        options.checks,
        options.profile,
        options.others,
        options.query,
        options.conditions,
      ])
      const known = entries.get(key)
      if (known && (await known.host.isCurrent())) return known.result
      const host = createSourceHost(options)
      const result = compileWith(compiler, host, file, options)
      entries.set(key, { host, result })
      // A failure of the compiler itself is not remembered, nor what this machine lacks: both may be put right meanwhile.
      const forget = (): boolean => entries.delete(key)
      result.then(
        ({ diagnostics }) => diagnostics.some(({ code }) => code === 'config_tool_missing') && forget(),
        forget,
      )
      return result
    },
    async eagerFile(file, options = {}) {
      const host = createSourceHost(options)
      const text = await textOf(host, file)
      const specifiers = await eagerSpecifiers(host, file, text, options.link)
      return compiler.stripModule({ file, text, rewrite: (specifier) => specifiers.get(specifier) ?? specifier })
    },
  }
}

async function compileForm(
  files: FileCompiler,
  file: string,
  form: 'main' | CodegenTarget,
  { targets, eager = true, ...options }: FormOptions,
): Promise<CompileResult> {
  const plain = eager ? (['eager'] as const) : []
  if (form !== 'main') return files.compileFile(file, { ...options, target: form, others: plain })
  const all = targets ?? (['webgpu', 'wasm'] as const)
  const compileFirst = (target: CodegenTarget): Promise<CompileResult> =>
    files.compileFile(file, { ...options, target, others: [...all.filter((other) => other !== target), ...plain] })
  const result = await compileFirst(all[0] ?? 'webgpu')
  const isSmall = result.explain.length > 0 && result.explain.every(({ suits }) => suits.target === 'wasm')
  return targets === undefined && isSmall ? compileFirst('wasm') : result
}

async function compileWith(
  compiler: Compiler,
  host: RecordingHost,
  file: string,
  { target, device, embedded, architectures, tf32, names, modes, checks, profile, others = [], query }: FileOptions,
): Promise<CompileResult> {
  const options: CompileOptions = {
    file,
    text: await textOf(host, file),
    host,
    ...(target === undefined ? {} : { target }),
    ...(device === undefined ? {} : { device }),
    ...(embedded === undefined ? {} : { embedded }),
    ...(architectures === undefined ? {} : { architectures }),
    ...(tf32 === undefined ? {} : { tf32 }),
    ...(names === undefined ? {} : { names }),
    ...(modes === undefined ? {} : { modes }),
    ...(checks === undefined ? {} : { checks }),
    ...(profile === undefined ? {} : { profile }),
    others: Object.fromEntries(
      others.map((form) => [form, `./${basename(file)}?${form}${query === undefined ? '' : `&${query}`}`]),
    ),
  }
  const result = await withCubins(compiler, file, await compiler.compile(options))
  return { ...result, dependencies: [...new Set([...result.dependencies, ...host.files])] }
}

async function textOf(host: RecordingHost, file: string): Promise<string> {
  const text = await host.read(file)
  if (text === undefined) throw new Error(`tsjit: cannot read ${file}`)
  return text
}

// Which specifiers of a module mean other `.tsjit` files. Over-approximates: a string that only looks like an
// import is resolved in vain, and nothing asks for it.
async function eagerSpecifiers(
  host: RecordingHost,
  file: string,
  text: string,
  link: (file: string) => string = (target) => target,
): Promise<ReadonlyMap<string, string>> {
  const specifiers = new Map<string, string>()
  for (const [, specifier = ''] of text.matchAll(/\b(?:from|import)\s*['"]([^'"\n]+)['"]/g)) {
    const target = await host.resolve(specifier, file)
    if (target === undefined || !/\.tsjit(\.ts)?$/.test(target)) continue
    const linked = specifier.startsWith('.') ? relativeTo(specifier, target) : link(target)
    specifiers.set(specifier, `${linked}?eager`)
  }
  return specifiers
}

function relativeTo(specifier: string, target: string): string {
  const name = basename(target)
  return specifier.endsWith(name) ? specifier : specifier.replace(/[^/]*$/, '') + name
}
