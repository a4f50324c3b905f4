// @tsjit/compiler: text -> module
//
// No bundler, no device, no I/O: the host gives it texts, and takes code, types, diagnostics and explanations.

export { type CompileOptions, type CompileResult, type CudaResult, compile, ownArchitectures } from './compile.ts'
export type { Asset } from './print-plans.ts'
export type { CodegenTarget } from './5-codegen/codegen.ts'
export { type StripOptions, stripModule } from './strip.ts'
export { type CFile, type EmbeddedModel, emitWeights } from './6-emit/c/emit-c.ts'
export type { SourceMapData } from './6-emit/assemble.ts'
export type { KernelExplanation, ModelExplanation } from './explain.ts'
export type { SourceHost } from './ir/source.ts'
export type { Position, Span } from './base/span.ts'
export { positionAt } from './base/span.ts'
export type { Diagnostic, Fix, Related, Severity } from './diagnostics/diagnostic.ts'
export type { DiagnosticCode } from './diagnostics/codes.gen.ts'
export { codeFrame } from './diagnostics/code-frame.ts'
export { createDiagnostic } from './diagnostics/reporter.ts'
export { didYouMean } from './diagnostics/did-you-mean.ts'
export { type JsonDiagnostic, toGithub, toJson, toJsonData, toSarif } from './diagnostics/formats.ts'
export { type RenderOptions, type SourceTexts, renderAll, renderDiagnostic, summarize } from './diagnostics/render.ts'
