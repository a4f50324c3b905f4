// codes: every diagnostic the compiler and the runtimes know
//
// Generated from messages/*.md by scripts/generate-messages.mjs: edit those, not this file.

import type { Severity } from './diagnostic.ts'
import { show } from './placeholder.ts'

/** The parameters of a code that takes none. */
export type NoParams = Readonly<Record<string, never>>

/** The parameters of each code. */
export interface DiagnosticParams {
  readonly config_invalid: { readonly option: string; readonly expected: string; readonly got: string }
  readonly config_tool_missing: { readonly architecture: string; readonly tool: string; readonly variable: string }
  readonly config_unknown: { readonly option: string }
  readonly dim_call_conflict: { readonly name: string; readonly first: number; readonly firstInput: string; readonly second: number; readonly secondInput: string }
  readonly dim_conflict: { readonly name: string }
  readonly dim_empty: { readonly name: string; readonly bounds: string }
  readonly dim_in_parameter: { readonly path: string; readonly name: string }
  readonly dim_not_positive: { readonly option: string; readonly name: string; readonly got: number | string }
  readonly dim_out_of_bounds: { readonly name: string; readonly got: number; readonly bounds: string }
  readonly dim_unbound: { readonly name: string }
  readonly dim_undecided: { readonly left: string; readonly right: string }
  readonly dtype_mismatch: { readonly op: string; readonly left: string; readonly right: string }
  readonly dtype_unknown: { readonly name: string }
  readonly dtype_unsupported: { readonly op: string; readonly expected: string; readonly dtype: string }
  readonly flow_assigns_outer: { readonly name: string }
  readonly flow_associative_changed: { readonly path: string; readonly before: string; readonly after: string }
  readonly flow_bad_value: { readonly path: string; readonly op: string; readonly got: string }
  readonly flow_branch_types_differ: { readonly op: string; readonly path: string; readonly left: string; readonly right: string }
  readonly flow_condition_not_scalar: { readonly op: string; readonly got: string }
  readonly flow_count_not_scalar: { readonly name: string; readonly op: string; readonly got: string }
  readonly flow_host_cost: { readonly taken: string; readonly given: string }
  readonly flow_host_inside: NoParams
  readonly flow_loop_carry_changed: { readonly path: string; readonly op: string; readonly before: string; readonly after: string }
  readonly flow_no_branches: { readonly op: string }
  readonly flow_print_inside: NoParams
  readonly flow_scan_axis: { readonly path: string; readonly got: string }
  readonly flow_scan_length_missing: NoParams
  readonly flow_scan_lengths: { readonly leftName: string; readonly left: string; readonly rightName: string; readonly right: string }
  readonly flow_scan_result: { readonly got: string }
  readonly flow_unbounded: { readonly what: string }
  readonly flow_vmap_axis: { readonly axis: number; readonly path: string; readonly got: string }
  readonly flow_vmap_none: NoParams
  readonly flow_vmap_sizes: { readonly left: string; readonly right: string }
  readonly model_assign_inside: NoParams
  readonly model_assign_target: { readonly got: string }
  readonly model_assigned_twice: { readonly path: string }
  readonly model_bad_input: { readonly path: string; readonly got: string }
  readonly model_bad_layer: { readonly path: string; readonly got: string }
  readonly model_bad_output: { readonly path: string; readonly got: string }
  readonly model_check_failed: { readonly message: string; readonly place: string }
  readonly model_disposed: { readonly name: string }
  readonly model_duplicate_parameter: { readonly path: string }
  readonly model_host_result: { readonly message: string }
  readonly model_input_dtype: { readonly path: string; readonly expected: string; readonly got: string }
  readonly model_input_missing: { readonly path: string }
  readonly model_input_shape: { readonly path: string; readonly expected: string; readonly got: string }
  readonly model_input_unexpected: { readonly path: string }
  readonly model_many_optional: { readonly count: number; readonly most: number }
  readonly model_not_profiled: NoParams
  readonly model_not_running: { readonly callee: string }
  readonly model_output_size: { readonly path: string; readonly type: string; readonly count: number; readonly room: number }
  readonly model_undeclared_layer: { readonly callee: string }
  readonly option_conflict: { readonly callee: string; readonly first: string; readonly second: string }
  readonly option_invalid: { readonly option: string; readonly callee: string; readonly expected: string; readonly got: string }
  readonly option_missing: { readonly callee: string; readonly option: string }
  readonly option_unknown: { readonly callee: string; readonly option: string }
  readonly shape_axis_out_of_range: { readonly op: string; readonly axis: number; readonly rank: number }
  readonly shape_contraction: { readonly op: string; readonly left: string; readonly right: string; readonly leftSize: number | string; readonly rightSize: number | string }
  readonly shape_data_dependent: { readonly op: string }
  readonly shape_duplicate_axis: { readonly op: string; readonly axis: number }
  readonly shape_equation: { readonly equation: string; readonly message: string }
  readonly shape_index_out_of_range: { readonly index: number | string; readonly size: number | string }
  readonly shape_mismatch: { readonly op: string; readonly left: string; readonly right: string }
  readonly shape_negative: { readonly op: string; readonly size: number | string }
  readonly shape_not_divisible: { readonly size: number | string; readonly parts: number | string }
  readonly shape_not_scalar: { readonly op: string; readonly got: string }
  readonly shape_ragged: { readonly first: number; readonly other: number }
  readonly shape_rank_mismatch: { readonly op: string; readonly expected: string; readonly got: string }
  readonly shape_reshape: { readonly from: string; readonly to: string }
  readonly shape_reshape_unknowns: { readonly to: string }
  readonly shape_undecided: { readonly op: string; readonly left: string; readonly right: string; readonly bound: string }
  readonly shape_window: { readonly op: string; readonly kernel: number | string; readonly size: number | string }
  readonly source_any_type: { readonly name: string }
  readonly source_bad_argument: { readonly argument: string; readonly callee: string; readonly expected: string; readonly got: string }
  readonly source_bad_operand: { readonly operator: string; readonly left: string; readonly right: string }
  readonly source_cyclic_import: { readonly cycle: string }
  readonly source_destructure_arity: { readonly names: number; readonly values: number }
  readonly source_exception: { readonly message: string }
  readonly source_extra_argument: { readonly callee: string; readonly most: number; readonly got: number }
  readonly source_host_call: { readonly name: string }
  readonly source_host_capture: { readonly name: string; readonly got: string }
  readonly source_missing_argument: { readonly callee: string; readonly name: string }
  readonly source_mutates_iterated: { readonly name: string }
  readonly source_mutates_outer: { readonly name: string }
  readonly source_no_return: { readonly name: string }
  readonly source_nondeterministic: { readonly name: string }
  readonly source_not_callable: { readonly what: string }
  readonly source_not_iterable: { readonly got: string }
  readonly source_not_static: { readonly what: string }
  readonly source_not_yet: { readonly name: string }
  readonly source_optional_condition: { readonly construct: string; readonly name: string; readonly rewrite: string }
  readonly source_reassigned_const: { readonly name: string }
  readonly source_rest_inputs: NoParams
  readonly source_tensor_condition: { readonly construct: string; readonly rewrite: string }
  readonly source_tensor_operator: { readonly operator: string; readonly rewrite: string }
  readonly source_tensor_string: { readonly what: string }
  readonly source_too_much_unrolling: { readonly loop: string; readonly limit: number }
  readonly source_unbounded_recursion: { readonly name: string; readonly cycle: string }
  readonly source_unknown_export: { readonly module: string; readonly name: string }
  readonly source_unknown_import: { readonly module: string }
  readonly source_unknown_name: { readonly name: string }
  readonly source_unknown_property: { readonly of: string; readonly name: string }
  readonly source_unsupported_module_level: { readonly what: string; readonly instead: string }
  readonly source_unsupported_syntax: { readonly what: string; readonly instead: string }
  readonly source_used_before_definition: { readonly name: string }
  readonly syntax_invalid: { readonly problem: string }
  readonly target_device_lost: { readonly what: string; readonly message: string }
  readonly target_dtype_unsupported: { readonly target: string; readonly dtype: string }
  readonly target_limit_exceeded: { readonly what: string; readonly got: string; readonly limit: string }
  readonly target_not_assembled: { readonly tool: string; readonly architecture: string; readonly message: string }
  readonly target_unavailable: { readonly what: string }
  readonly target_unsupported: { readonly target: string; readonly what: string }
  readonly template_bad_value: { readonly got: string }
  readonly template_index: { readonly got: string }
  readonly template_operand: { readonly operator: string; readonly got: string }
  readonly template_syntax: { readonly message: string }
  readonly template_unknown_name: { readonly name: string }
  readonly weight_dtype_mismatch: { readonly path: string; readonly expected: string; readonly got: string }
  readonly weight_invalid_file: { readonly message: string }
  readonly weight_missing: { readonly path: string }
  readonly weight_not_buffer: { readonly got: string }
  readonly weight_shape_mismatch: { readonly path: string; readonly expected: string; readonly got: string }
  readonly weight_unavailable: { readonly address: string; readonly message: string }
  readonly weight_unexpected: { readonly path: string }
  readonly weight_unused: { readonly path: string }
}

/** The name of a diagnostic. Permanent: never renamed, never used again for something else. */
export type DiagnosticCode = keyof DiagnosticParams

/** What is known about a code before it is reported. */
export interface DiagnosticEntry<P> {
  readonly severity: Severity
  /** Returns the message: one sentence without a final period. */
  readonly message: (params: P) => string
  /** Returns what to write instead. */
  readonly help: (params: P) => string
  readonly url: string
}

/** An entry for every code. */
export type DiagnosticTable = { readonly [C in DiagnosticCode]: DiagnosticEntry<DiagnosticParams[C]> }

/** The diagnostics by code. */
export const diagnosticTable: DiagnosticTable = {
  config_invalid: {
    severity: 'error',
    message: (params) => `the compiler option ${show.name(params.option)} must be ${show.text(params.expected)}, not ${show.text(params.got)}`,
    help: (params) => `pass ${show.text(params.expected)}`,
    url: 'https://tsjit.dev/e/config_invalid',
  },
  config_tool_missing: {
    severity: 'error',
    message: (params) => `machine code for ${show.name(params.architecture)} needs ${show.name(params.tool)}, which is neither on PATH nor beside \`nvcc\`, and ${show.name(params.variable)} names none that runs`,
    help: (params) => `install the CUDA toolkit, set ${show.name(params.variable)} to the path of ${show.name(params.tool)}, or build without machine code: the driver then compiles the kernels when a model is first loaded`,
    url: 'https://tsjit.dev/e/config_tool_missing',
  },
  config_unknown: {
    severity: 'error',
    message: (params) => `there is no compiler option ${show.name(params.option)}`,
    help: () => 'correct its spelling, or remove it',
    url: 'https://tsjit.dev/e/config_unknown',
  },
  dim_call_conflict: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} is ${show.int(params.first)} in ${show.name(params.firstInput)} and ${show.int(params.second)} in ${show.name(params.secondInput)}`,
    help: () => 'pass inputs whose shapes agree, or declare two dimensions',
    url: 'https://tsjit.dev/e/dim_call_conflict',
  },
  dim_conflict: {
    severity: 'error',
    message: (params) => `the dimension ${show.name(params.name)} is declared twice with different bounds`,
    help: () => 'declare it once and import it, or give one of them another name',
    url: 'https://tsjit.dev/e/dim_conflict',
  },
  dim_empty: {
    severity: 'error',
    message: (params) => `no size satisfies the bounds of dimension ${show.name(params.name)}: ${show.text(params.bounds)}`,
    help: () => 'correct the bounds so that at least one size remains',
    url: 'https://tsjit.dev/e/dim_empty',
  },
  dim_in_parameter: {
    severity: 'error',
    message: (params) => `the parameter ${show.name(params.path)} has the dimension ${show.name(params.name)} in its shape, but weights have one size`,
    help: () => 'use a number',
    url: 'https://tsjit.dev/e/dim_in_parameter',
  },
  dim_not_positive: {
    severity: 'error',
    message: (params) => `the ${show.name(params.option)} of dimension ${show.name(params.name)} is ${show.dim(params.got)}, but a size is never negative and \`max\` and \`multipleOf\` are at least 1`,
    help: () => 'use a whole number: 0 or more for `min`, 1 or more for `max` and `multipleOf`',
    url: 'https://tsjit.dev/e/dim_not_positive',
  },
  dim_out_of_bounds: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} is ${show.int(params.got)} in this call, outside its bounds: ${show.text(params.bounds)}`,
    help: () => 'pass data of an allowed size, or widen the bounds in `dim(name, { min, max, multipleOf })`',
    url: 'https://tsjit.dev/e/dim_out_of_bounds',
  },
  dim_unbound: {
    severity: 'error',
    message: (params) => `no input has the dimension ${show.name(params.name)}, so its size is never known`,
    help: () => 'use the dimension in the shape of an input, or a number in its place',
    url: 'https://tsjit.dev/e/dim_unbound',
  },
  dim_undecided: {
    severity: 'error',
    message: (params) => `how ${show.code(params.left)} compares with ${show.code(params.right)} depends on the sizes at the call, but is needed while compiling`,
    help: () => 'bound the dimension, `dim(name, { min, max })`, so that one answer holds for all sizes, or decide at the call: `cond(comparison, () => …, () => …)`',
    url: 'https://tsjit.dev/e/dim_undecided',
  },
  dtype_mismatch: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} cannot combine ${show.type(params.left)} and ${show.type(params.right)}`,
    help: () => "convert one side, `cast(x, 'f32')`",
    url: 'https://tsjit.dev/e/dtype_mismatch',
  },
  dtype_unknown: {
    severity: 'error',
    message: (params) => `there is no data type ${show.name(params.name)}`,
    help: () => 'use one of the data types above; most computation is in `f32`, indices are `i32`',
    url: 'https://tsjit.dev/e/dtype_unknown',
  },
  dtype_unsupported: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} works on ${show.text(params.expected)}, not on ${show.type(params.dtype)}`,
    help: () => 'convert with `cast(x, dtype)`, or make a truth value by comparing, `x > 0` in a template',
    url: 'https://tsjit.dev/e/dtype_unsupported',
  },
  flow_assigns_outer: {
    severity: 'error',
    message: (params) => `a branch or loop body cannot assign ${show.name(params.name)}, which is declared outside it`,
    help: () => 'return the new value from the body: as the result of `cond`, or as a part of what a loop carries',
    url: 'https://tsjit.dev/e/flow_assigns_outer',
  },
  flow_associative_changed: {
    severity: 'error',
    message: (params) => `the function of \`associativeScan\` takes ${show.text(params.path)} as ${show.text(params.before)} and returns it as ${show.text(params.after)}`,
    help: () => 'return a value of the type of the elements',
    url: 'https://tsjit.dev/e/flow_associative_changed',
  },
  flow_bad_value: {
    severity: 'error',
    message: (params) => `${show.name(params.path)} of ${show.name(params.op)} is ${show.type(params.got)}: it holds tensors, numbers, truth values, and arrays and objects of them`,
    help: () => 'leave it out, and capture it in the closures that need it',
    url: 'https://tsjit.dev/e/flow_bad_value',
  },
  flow_branch_types_differ: {
    severity: 'error',
    message: (params) => `the branches of ${show.name(params.op)} differ at ${show.name(params.path)}: ${show.type(params.left)} and ${show.type(params.right)}`,
    help: () => 'make the two equal, with `cast`, `expand` or `pad`; return a value that only one branch has from both, as zeros in the other',
    url: 'https://tsjit.dev/e/flow_branch_types_differ',
  },
  flow_condition_not_scalar: {
    severity: 'error',
    message: (params) => `the condition of ${show.name(params.op)} is one truth value, bool[], not ${show.type(params.got)}`,
    help: () => 'compare it, reduce it with `any` or `all`, or choose for each element with `where(c, a, b)`',
    url: 'https://tsjit.dev/e/flow_condition_not_scalar',
  },
  flow_count_not_scalar: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} of ${show.name(params.op)} is one whole number, i32[], not ${show.type(params.got)}`,
    help: () => 'take one element of it, and `cast` it to i32',
    url: 'https://tsjit.dev/e/flow_count_not_scalar',
  },
  flow_host_cost: {
    severity: 'info',
    message: (params) => `the host is called here: ${show.text(params.taken)} leave the device, ${show.text(params.given)} come back, and it waits meanwhile`,
    help: () => 'where operations can say it, they are faster',
    url: 'https://tsjit.dev/e/flow_host_cost',
  },
  flow_host_inside: {
    severity: 'error',
    message: () => 'a host function is called outside the closures of combinators',
    help: () => 'return what the function needs from the combinator, and call it after that; a loop of known length in TypeScript calls it in each turn',
    url: 'https://tsjit.dev/e/flow_host_inside',
  },
  flow_loop_carry_changed: {
    severity: 'error',
    message: (params) => `${show.name(params.path)} of ${show.name(params.op)} is ${show.type(params.before)} before the turn and ${show.type(params.after)} after it`,
    help: () => 'start with the type that the body returns, or allocate the largest size and keep a count',
    url: 'https://tsjit.dev/e/flow_loop_carry_changed',
  },
  flow_no_branches: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} has no branches to choose from`,
    help: () => 'pass an array of functions, each of which returns the result of one branch',
    url: 'https://tsjit.dev/e/flow_no_branches',
  },
  flow_print_inside: {
    severity: 'warning',
    message: () => '`print` in the closure of a combinator prints in eager runs only',
    help: () => "return the value as a result, a carry or a stack of the combinator, and print that; or run with `target: 'eager'`",
    url: 'https://tsjit.dev/e/flow_print_inside',
  },
  flow_scan_axis: {
    severity: 'error',
    message: (params) => `scan goes over axis 0, and ${show.name(params.path)} is ${show.type(params.got)}, which has none`,
    help: () => 'give it an axis (`unsqueeze`, `stack`, `tensor([…])`), or capture it in the body instead of passing it in `xs`',
    url: 'https://tsjit.dev/e/flow_scan_axis',
  },
  flow_scan_length_missing: {
    severity: 'error',
    message: () => 'scan has nothing to go over: it needs `xs` or a length',
    help: () => 'write `scan(init, undefined, body, { length: n })`, or `forLoop(n, init, body)` where nothing is stacked',
    url: 'https://tsjit.dev/e/flow_scan_length_missing',
  },
  flow_scan_lengths: {
    severity: 'error',
    message: (params) => `scan goes over ${show.name(params.leftName)}, ${show.type(params.left)}, and ${show.name(params.rightName)}, ${show.type(params.right)}: their lengths differ`,
    help: () => 'give all of them the same length along axis 0',
    url: 'https://tsjit.dev/e/flow_scan_lengths',
  },
  flow_scan_result: {
    severity: 'error',
    message: (params) => `the body of scan returns \`[carry, y]\`, not ${show.type(params.got)}`,
    help: () => 'return an array of two; where nothing is stacked, `[carry, undefined]`',
    url: 'https://tsjit.dev/e/flow_scan_result',
  },
  flow_unbounded: {
    severity: 'error',
    message: (params) => `${show.text(params.what)} needs a loop with a known greatest number of turns`,
    help: () => 'give `whileLoop` a `maxIterations`, or use `forLoop` or `scan`',
    url: 'https://tsjit.dev/e/flow_unbounded',
  },
  flow_vmap_axis: {
    severity: 'error',
    message: (params) => `\`vmap\` goes over axis ${show.int(params.axis)} of ${show.text(params.path)}, and that is ${show.type(params.got)}`,
    help: () => 'give an axis that the tensor has, or `null` for an argument that all lanes share',
    url: 'https://tsjit.dev/e/flow_vmap_axis',
  },
  flow_vmap_none: {
    severity: 'error',
    message: () => '`vmap` has nothing to go over: `in` gives no argument an axis',
    help: () => 'give at least one argument an axis',
    url: 'https://tsjit.dev/e/flow_vmap_none',
  },
  flow_vmap_sizes: {
    severity: 'error',
    message: (params) => `\`vmap\` goes over ${show.text(params.left)}, and ${show.text(params.right)}: their sizes differ`,
    help: () => 'map over axes of one size, or give `null` for an argument that all lanes share',
    url: 'https://tsjit.dev/e/flow_vmap_sizes',
  },
  model_assign_inside: {
    severity: 'error',
    message: () => '`assign` stands outside the closures of combinators',
    help: () => 'return the new value as a result or carry of the combinator, and assign that after it',
    url: 'https://tsjit.dev/e/model_assign_inside',
  },
  model_assign_target: {
    severity: 'error',
    message: (params) => `\`assign\` changes a buffer of the model, not ${show.text(params.got)}`,
    help: () => 'declare it with `buffer(…)`, and pass it as `forward` receives it',
    url: 'https://tsjit.dev/e/model_assign_target',
  },
  model_assigned_twice: {
    severity: 'warning',
    message: (params) => `${show.name(params.path)} is assigned again: this value is lost`,
    help: () => 'compute the value in one place and assign it once; give each call of a layer that keeps state a layer of its own',
    url: 'https://tsjit.dev/e/model_assigned_twice',
  },
  model_bad_input: {
    severity: 'error',
    message: (params) => `the input ${show.name(params.path)} is ${show.text(params.got)}, not the type of a tensor`,
    help: () => 'declare it with `f32(…)` or another data type; take what is fixed at build from a `const`',
    url: 'https://tsjit.dev/e/model_bad_input',
  },
  model_bad_layer: {
    severity: 'error',
    message: (params) => `${show.name(params.path)} is ${show.text(params.got)}, not a layer, \`param\` or \`buffer\``,
    help: () => 'call the function that makes the layer, or move a plain value to a `const`',
    url: 'https://tsjit.dev/e/model_bad_layer',
  },
  model_bad_output: {
    severity: 'error',
    message: (params) => `the output ${show.name(params.path)} is ${show.text(params.got)}, not a tensor`,
    help: () => 'return a tensor there; export a number or string from the module itself',
    url: 'https://tsjit.dev/e/model_bad_output',
  },
  model_check_failed: {
    severity: 'error',
    message: (params) => `${show.text(params.message)} (at ${show.text(params.place)})`,
    help: () => 'see what the check says, and where it stands',
    url: 'https://tsjit.dev/e/model_check_failed',
  },
  model_disposed: {
    severity: 'error',
    message: (params) => `this instance of ${show.name(params.name)} has been disposed and cannot run`,
    help: () => 'load the model again, or dispose it later',
    url: 'https://tsjit.dev/e/model_disposed',
  },
  model_duplicate_parameter: {
    severity: 'error',
    message: (params) => `two parameters have the name ${show.name(params.path)}`,
    help: () => 'rename one of them',
    url: 'https://tsjit.dev/e/model_duplicate_parameter',
  },
  model_host_result: {
    severity: 'error',
    message: (params) => `${show.text(params.message)}`,
    help: () => 'return what `host(fn, signature)` says, or change the signature',
    url: 'https://tsjit.dev/e/model_host_result',
  },
  model_input_dtype: {
    severity: 'error',
    message: (params) => `the input ${show.name(params.path)} must hold ${show.type(params.expected)}, not ${show.type(params.got)}`,
    help: () => 'convert the array, for one with `Float32Array.from(values)`',
    url: 'https://tsjit.dev/e/model_input_dtype',
  },
  model_input_missing: {
    severity: 'error',
    message: (params) => `the input ${show.name(params.path)} is missing`,
    help: () => 'pass it, or declare it `optional(…)` in the model',
    url: 'https://tsjit.dev/e/model_input_missing',
  },
  model_input_shape: {
    severity: 'error',
    message: (params) => `the input ${show.name(params.path)} must be ${show.type(params.expected)}, but has shape ${show.type(params.got)}`,
    help: () => 'pass data of that shape; a flat typed array must have as many elements as the shape holds',
    url: 'https://tsjit.dev/e/model_input_shape',
  },
  model_input_unexpected: {
    severity: 'error',
    message: (params) => `the model has no input ${show.name(params.path)}`,
    help: () => 'correct its name, or leave it out',
    url: 'https://tsjit.dev/e/model_input_unexpected',
  },
  model_many_optional: {
    severity: 'error',
    message: (params) => `${show.int(params.count)} inputs are optional, and each combination is a program: ${show.int(params.most)} may be`,
    help: () => 'put inputs that come together into one `optional({ … })`, or pass a tensor that changes nothing, as a mask of ones',
    url: 'https://tsjit.dev/e/model_many_optional',
  },
  model_not_profiled: {
    severity: 'error',
    message: () => '`profile` needs a development build, or one with the option `profile: true` of the plugin',
    help: () => 'profile a development build, or build with `tsjit({ profile: true })`',
    url: 'https://tsjit.dev/e/model_not_profiled',
  },
  model_not_running: {
    severity: 'error',
    message: (params) => `${show.code(params.callee)} works while a model runs, and none does`,
    help: () => "call it in the model's `forward`, or in a function that it calls",
    url: 'https://tsjit.dev/e/model_not_running',
  },
  model_output_size: {
    severity: 'error',
    message: (params) => `the output ${show.name(params.path)}, ${show.type(params.type)}, has ${show.int(params.count)} elements, and its buffer has room for ${show.int(params.room)}`,
    help: () => 'ask `NAME_shapes` for the shapes of the outputs first, and set `size` to the elements of the buffer',
    url: 'https://tsjit.dev/e/model_output_size',
  },
  model_undeclared_layer: {
    severity: 'error',
    message: (params) => `${show.name(params.callee)} is made inside \`forward\`, where its weights have no name`,
    help: () => 'declare it in `layers` and take it from the second argument of `forward`',
    url: 'https://tsjit.dev/e/model_undeclared_layer',
  },
  option_conflict: {
    severity: 'error',
    message: (params) => `${show.name(params.callee)} takes ${show.name(params.first)} or ${show.name(params.second)}, not both`,
    help: () => 'keep one of them',
    url: 'https://tsjit.dev/e/option_conflict',
  },
  option_invalid: {
    severity: 'error',
    message: (params) => `the option ${show.name(params.option)} of ${show.name(params.callee)} must be ${show.text(params.expected)}, not ${show.text(params.got)}`,
    help: (params) => `pass ${show.text(params.expected)}`,
    url: 'https://tsjit.dev/e/option_invalid',
  },
  option_missing: {
    severity: 'error',
    message: (params) => `${show.name(params.callee)} needs the option ${show.name(params.option)}`,
    help: () => 'add it',
    url: 'https://tsjit.dev/e/option_missing',
  },
  option_unknown: {
    severity: 'error',
    message: (params) => `${show.name(params.callee)} has no option ${show.name(params.option)}`,
    help: () => 'correct the spelling, or remove it; the reference lists the options of every operation',
    url: 'https://tsjit.dev/e/option_unknown',
  },
  shape_axis_out_of_range: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} has no axis ${show.int(params.axis)}: the tensor has ${show.int(params.rank)} axes`,
    help: () => 'use an axis from 0 up to the number of axes less one, or -1 for the last',
    url: 'https://tsjit.dev/e/shape_axis_out_of_range',
  },
  shape_contraction: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} cannot contract ${show.type(params.left)} with ${show.type(params.right)}: the sizes to be summed over are ${show.dim(params.leftSize)} and ${show.dim(params.rightSize)}`,
    help: () => 'transpose a side with `.T`, or correct its size',
    url: 'https://tsjit.dev/e/shape_contraction',
  },
  shape_data_dependent: {
    severity: 'error',
    message: (params) => `a size of ${show.name(params.op)} depends on the values of a tensor, but buffers are laid out before the program runs`,
    help: () => 'use the largest size that can occur, mask what is not used with `where`, and return the count beside it',
    url: 'https://tsjit.dev/e/shape_data_dependent',
  },
  shape_duplicate_axis: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} is given axis ${show.int(params.axis)} more than once`,
    help: () => 'name every axis once',
    url: 'https://tsjit.dev/e/shape_duplicate_axis',
  },
  shape_equation: {
    severity: 'error',
    message: (params) => `the equation ${show.code(params.equation)} does not fit: ${show.text(params.message)}`,
    help: () => 'give every operand as many names as it has axes, and use in the result only names that occur before `->`',
    url: 'https://tsjit.dev/e/shape_equation',
  },
  shape_index_out_of_range: {
    severity: 'error',
    message: (params) => `there is no index ${show.dim(params.index)} on an axis of size ${show.dim(params.size)}`,
    help: () => 'use an index within the axis',
    url: 'https://tsjit.dev/e/shape_index_out_of_range',
  },
  shape_mismatch: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} cannot combine ${show.type(params.left)} and ${show.type(params.right)}`,
    help: () => 'bring the sizes into line with `reshape`, or add an axis of size 1 where one side is to be stretched: ``tj`${x}[:, None]` ``',
    url: 'https://tsjit.dev/e/shape_mismatch',
  },
  shape_negative: {
    severity: 'error',
    message: (params) => `a size of ${show.name(params.op)} would be ${show.dim(params.size)}`,
    help: () => 'check how the size is computed; a slice may be shorter than it looks, and padding may be negative',
    url: 'https://tsjit.dev/e/shape_negative',
  },
  shape_not_divisible: {
    severity: 'error',
    message: (params) => `a size of ${show.dim(params.size)} cannot be divided into ${show.dim(params.parts)} equal parts`,
    help: () => 'use a divisor, or give the sizes of the parts: `split(x, [3, 1])`',
    url: 'https://tsjit.dev/e/shape_not_divisible',
  },
  shape_not_scalar: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} needs a scalar, not ${show.type(params.got)}`,
    help: () => 'reduce it first, with `sum` or `mean` over all axes',
    url: 'https://tsjit.dev/e/shape_not_scalar',
  },
  shape_ragged: {
    severity: 'error',
    message: (params) => `the rows of this array differ in length, ${show.int(params.first)} and ${show.int(params.other)}, so it is not a tensor`,
    help: () => 'fill the shorter rows up, or make several tensors',
    url: 'https://tsjit.dev/e/shape_ragged',
  },
  shape_rank_mismatch: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} expects ${show.text(params.expected)}, but got ${show.type(params.got)}`,
    help: () => 'add an axis with `unsqueeze`, drop one with `squeeze`, or join several with `flatten`',
    url: 'https://tsjit.dev/e/shape_rank_mismatch',
  },
  shape_reshape: {
    severity: 'error',
    message: (params) => `a tensor of shape ${show.type(params.from)} cannot be reshaped to ${show.type(params.to)}: they hold different numbers of elements`,
    help: () => 'make the products equal, or let one size be -1',
    url: 'https://tsjit.dev/e/shape_reshape',
  },
  shape_reshape_unknowns: {
    severity: 'error',
    message: (params) => `only one size of a reshape may be -1: ${show.type(params.to)}`,
    help: () => 'write out all sizes but one',
    url: 'https://tsjit.dev/e/shape_reshape_unknowns',
  },
  shape_undecided: {
    severity: 'error',
    message: (params) => `${show.name(params.op)} cannot tell whether ${show.type(params.left)} and ${show.type(params.right)} agree: ${show.text(params.bound)} would settle it`,
    help: () => 'use the same dimension on both sides, or give the dimension bounds or a `multipleOf` that settle it',
    url: 'https://tsjit.dev/e/shape_undecided',
  },
  shape_window: {
    severity: 'error',
    message: (params) => `the window of ${show.name(params.op)} is larger than what it slides over: ${show.dim(params.kernel)} on a padded size of ${show.dim(params.size)}`,
    help: () => 'add padding, or use a smaller kernel or dilation',
    url: 'https://tsjit.dev/e/shape_window',
  },
  source_any_type: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} has the type \`any\`, which says nothing about the value and hides mistakes from the editor`,
    help: () => 'write `Tensor`, `number` or the type that the function needs',
    url: 'https://tsjit.dev/e/source_any_type',
  },
  source_bad_argument: {
    severity: 'error',
    message: (params) => `${show.name(params.argument)} of ${show.name(params.callee)} must be ${show.text(params.expected)}, not ${show.text(params.got)}`,
    help: (params) => `pass ${show.text(params.expected)}`,
    url: 'https://tsjit.dev/e/source_bad_argument',
  },
  source_bad_operand: {
    severity: 'error',
    message: (params) => `${show.code(params.operator)} cannot combine ${show.text(params.left)} and ${show.text(params.right)}`,
    help: () => 'use numbers on both sides; go over the elements of an array with `map`',
    url: 'https://tsjit.dev/e/source_bad_operand',
  },
  source_cyclic_import: {
    severity: 'error',
    message: (params) => `these modules import each other: ${show.text(params.cycle)}`,
    help: () => 'move what both need into a third `.tsjit` file that imports neither',
    url: 'https://tsjit.dev/e/source_cyclic_import',
  },
  source_destructure_arity: {
    severity: 'error',
    message: (params) => `${show.int(params.names)} names cannot take ${show.int(params.values)} values`,
    help: () => 'give every value a name, skip one with an empty place `[a, , c]`, or collect the rest with `...rest`',
    url: 'https://tsjit.dev/e/source_destructure_arity',
  },
  source_exception: {
    severity: 'error',
    message: (params) => `this code throws while compiling: ${show.text(params.message)}`,
    help: () => 'repair what the message says; where the code checks its arguments, correct the call that passed them',
    url: 'https://tsjit.dev/e/source_exception',
  },
  source_extra_argument: {
    severity: 'error',
    message: (params) => `${show.name(params.callee)} takes at most ${show.int(params.most)} arguments, not ${show.int(params.got)}`,
    help: () => 'remove the argument, or give options as one object after the tensors',
    url: 'https://tsjit.dev/e/source_extra_argument',
  },
  source_host_call: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} belongs to JavaScript and cannot be called from a compiled model: it would run once, at build, and never again`,
    help: () => 'pass the value in as an input, return what the app needs, or use `print(label, x)` to look at a tensor',
    url: 'https://tsjit.dev/e/source_host_call',
  },
  source_host_capture: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} is ${show.text(params.got)}, which a host function cannot take along`,
    help: () => 'pass it as an argument: a tensor comes with its elements and its shape',
    url: 'https://tsjit.dev/e/source_host_capture',
  },
  source_missing_argument: {
    severity: 'error',
    message: (params) => `${show.name(params.callee)} needs an argument ${show.name(params.name)}`,
    help: () => 'add the argument; the reference of the operations lists all of them',
    url: 'https://tsjit.dev/e/source_missing_argument',
  },
  source_mutates_iterated: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} is changed while a loop goes over it`,
    help: () => 'go over a copy, `for (const item of [...list])`, or build a new array',
    url: 'https://tsjit.dev/e/source_mutates_iterated',
  },
  source_mutates_outer: {
    severity: 'error',
    message: (params) => `this changes ${show.name(params.name)}, which is declared outside this function`,
    help: () => 'return the changed value and let the caller keep it, or make a copy first: `[...list, item]`',
    url: 'https://tsjit.dev/e/source_mutates_outer',
  },
  source_no_return: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} ends without a value on a path that is taken here`,
    help: () => 'add a `return` at the end, or an `else` that returns',
    url: 'https://tsjit.dev/e/source_no_return',
  },
  source_nondeterministic: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} would be evaluated once, at build, and give the same value for ever`,
    help: () => 'use `random.normal(shape)` or `random.uniform(shape)`; pass times and dates in as inputs',
    url: 'https://tsjit.dev/e/source_nondeterministic',
  },
  source_not_callable: {
    severity: 'error',
    message: (params) => `${show.text(params.what)} is not a function`,
    help: () => 'remove the call, or call the function that makes the value',
    url: 'https://tsjit.dev/e/source_not_callable',
  },
  source_not_iterable: {
    severity: 'error',
    message: (params) => `${show.text(params.got)} has no elements to go over`,
    help: () => 'use an array, `range(n)` for a count, or `Object.entries(object)` for an object',
    url: 'https://tsjit.dev/e/source_not_iterable',
  },
  source_not_static: {
    severity: 'error',
    message: (params) => `${show.text(params.what)} must be known while compiling, but its value is only known when the program runs`,
    help: () => 'use a number or another static value; for a count that is known only when running use `forLoop`, for a sequence of indices `arange`',
    url: 'https://tsjit.dev/e/source_not_static',
  },
  source_not_yet: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} is part of the language, but this version cannot compile it yet`,
    help: () => 'write this part with other operations, or run the model eagerly until a version compiles it',
    url: 'https://tsjit.dev/e/source_not_yet',
  },
  source_optional_condition: {
    severity: 'error',
    message: (params) => `${show.code(params.construct)} cannot test the optional input ${show.code(params.name)}: it is a tensor wherever the call has it`,
    help: (params) => `write ${show.code(params.rewrite)}`,
    url: 'https://tsjit.dev/e/source_optional_condition',
  },
  source_reassigned_const: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} is a \`const\` and cannot be assigned again`,
    help: () => 'declare it with `let`, or use a new name for the new value',
    url: 'https://tsjit.dev/e/source_reassigned_const',
  },
  source_rest_inputs: {
    severity: 'error',
    message: () => '`forward` cannot take a rest parameter: how many inputs there are and what shapes they have must be known at build',
    help: () => 'declare every input by name, or an array of them: `inputs: { xs: [f32(2), f32(2)] }`',
    url: 'https://tsjit.dev/e/source_rest_inputs',
  },
  source_tensor_condition: {
    severity: 'error',
    message: (params) => `${show.code(params.construct)} cannot test a tensor: its value is on the device, and this is decided while compiling`,
    help: (params) => `write ${show.code(params.rewrite)}`,
    url: 'https://tsjit.dev/e/source_tensor_condition',
  },
  source_tensor_operator: {
    severity: 'error',
    message: (params) => `JavaScript's ${show.code(params.operator)} cannot take a tensor: its operators work on numbers and cannot be given another meaning`,
    help: (params) => `write ${show.code(params.rewrite)}`,
    url: 'https://tsjit.dev/e/source_tensor_operator',
  },
  source_tensor_string: {
    severity: 'error',
    message: (params) => `a tensor cannot become ${show.text(params.what)}: its values are on the device, and strings are made while compiling`,
    help: () => 'remove the string; use `print(label, x)` to look at a tensor, and return it to show its values in the app',
    url: 'https://tsjit.dev/e/source_tensor_string',
  },
  source_too_much_unrolling: {
    severity: 'error',
    message: (params) => `${show.text(params.loop)} unrolls into more than ${show.int(params.limit)} operations`,
    help: () => 'use `forLoop(n, init, body)` or `scan(init, xs, body)`, which stay loops, or one operation on a larger tensor',
    url: 'https://tsjit.dev/e/source_too_much_unrolling',
  },
  source_unbounded_recursion: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} calls itself without end: ${show.text(params.cycle)}`,
    help: () => 'recurse on a static argument that gets smaller and stop at a value, or write a loop',
    url: 'https://tsjit.dev/e/source_unbounded_recursion',
  },
  source_unknown_export: {
    severity: 'error',
    message: (params) => `${show.name(params.module)} has no export ${show.name(params.name)}`,
    help: () => 'correct the name, or export it from that module',
    url: 'https://tsjit.dev/e/source_unknown_export',
  },
  source_unknown_import: {
    severity: 'error',
    message: (params) => `the module ${show.name(params.module)} cannot be compiled in: it was not found, or it is not a part of tsjit, a \`.tsjit\` or a \`.json\` file`,
    help: () => 'import from `@tsjit/dsl`, `@tsjit/nn`, another `.tsjit` file or a `.json` file; give ordinary values to the model as inputs',
    url: 'https://tsjit.dev/e/source_unknown_import',
  },
  source_unknown_name: {
    severity: 'error',
    message: (params) => `there is no ${show.name(params.name)} here`,
    help: () => 'import it, declare it before it is used, or correct its spelling',
    url: 'https://tsjit.dev/e/source_unknown_name',
  },
  source_unknown_property: {
    severity: 'error',
    message: (params) => `${show.text(params.of)} has no property ${show.name(params.name)}`,
    help: () => 'correct the spelling; the reference of the operations lists the properties and methods of a tensor',
    url: 'https://tsjit.dev/e/source_unknown_property',
  },
  source_unsupported_module_level: {
    severity: 'error',
    message: (params) => `${show.text(params.what)} cannot stand at the top of a module: its value would be fixed while compiling and later changes lost`,
    help: (params) => `use ${show.text(params.instead)}`,
    url: 'https://tsjit.dev/e/source_unsupported_module_level',
  },
  source_unsupported_syntax: {
    severity: 'error',
    message: (params) => `${show.text(params.what)} cannot be compiled: a model has no objects, exceptions or tasks when it runs`,
    help: (params) => `use ${show.text(params.instead)}`,
    url: 'https://tsjit.dev/e/source_unsupported_syntax',
  },
  source_used_before_definition: {
    severity: 'error',
    message: (params) => `${show.name(params.name)} is used before it is defined`,
    help: () => 'move the declaration in front of its first use',
    url: 'https://tsjit.dev/e/source_used_before_definition',
  },
  syntax_invalid: {
    severity: 'error',
    message: (params) => `${show.text(params.problem)}`,
    help: () => 'repair the syntax here; the place is where the parser stopped, the cause may stand just before it',
    url: 'https://tsjit.dev/e/syntax_invalid',
  },
  target_device_lost: {
    severity: 'error',
    message: (params) => `the device was lost while ${show.text(params.what)}: ${show.text(params.message)}`,
    help: () => 'call `run` again: the weights are loaded anew from the cache; if it happens again, the program asks too much of the device at once',
    url: 'https://tsjit.dev/e/target_device_lost',
  },
  target_dtype_unsupported: {
    severity: 'error',
    message: (params) => `the target ${show.name(params.target)} has no ${show.type(params.dtype)}`,
    help: () => 'use `f32`, `i32` or `u32`, or build for another target',
    url: 'https://tsjit.dev/e/target_dtype_unsupported',
  },
  target_limit_exceeded: {
    severity: 'error',
    message: (params) => `${show.text(params.what)} needs ${show.text(params.got)}, but the target allows ${show.text(params.limit)}`,
    help: () => 'make the tensor smaller, split it into parts, or bound its dimension lower',
    url: 'https://tsjit.dev/e/target_limit_exceeded',
  },
  target_not_assembled: {
    severity: 'error',
    message: (params) => `${show.name(params.tool)} does not assemble the kernels for ${show.name(params.architecture)}: ${show.text(params.message)}`,
    help: (params) => `name architectures from \`sm_80\` on that this ${show.name(params.tool)} knows, or install a newer CUDA toolkit`,
    url: 'https://tsjit.dev/e/target_not_assembled',
  },
  target_unavailable: {
    severity: 'error',
    message: (params) => `none of the targets that this program was built for is available here: ${show.text(params.what)}`,
    help: () => "build for `wasm` as well, which runs everywhere: `targets: ['webgpu', 'wasm']`",
    url: 'https://tsjit.dev/e/target_unavailable',
  },
  target_unsupported: {
    severity: 'error',
    message: (params) => `the target ${show.name(params.target)} cannot run ${show.text(params.what)}`,
    help: () => 'build for another target, or write this part with operations',
    url: 'https://tsjit.dev/e/target_unsupported',
  },
  template_bad_value: {
    severity: 'error',
    message: (params) => `a template cannot take ${show.text(params.got)}`,
    help: () => 'interpolate a tensor or a number; give options as keywords of a call, `softmax(x, axis=-1)`',
    url: 'https://tsjit.dev/e/template_bad_value',
  },
  template_index: {
    severity: 'error',
    message: (params) => `a tensor cannot be indexed by ${show.text(params.got)}`,
    help: () => 'use an integer or a slice; to pick elements by a condition use `where(c, a, b)`',
    url: 'https://tsjit.dev/e/template_index',
  },
  template_operand: {
    severity: 'error',
    message: (params) => `${show.code(params.operator)} cannot take ${show.type(params.got)}`,
    help: () => 'compare first, as in `x > 0`, or convert with `cast(x, dtype)`',
    url: 'https://tsjit.dev/e/template_operand',
  },
  template_syntax: {
    severity: 'error',
    message: (params) => `this is not a formula: ${show.text(params.message)}`,
    help: () => 'repair the formula here; the last line of a template is its value, every line before it is `name = formula`',
    url: 'https://tsjit.dev/e/template_syntax',
  },
  template_unknown_name: {
    severity: 'error',
    message: (params) => `there is no ${show.name(params.name)} in this template`,
    help: () => 'write `${…}` around a value of the module, or correct the spelling of the operation',
    url: 'https://tsjit.dev/e/template_unknown_name',
  },
  weight_dtype_mismatch: {
    severity: 'error',
    message: (params) => `${show.name(params.path)} is ${show.type(params.expected)} in the model and ${show.type(params.got)} in the weights, which cannot be converted without loss`,
    help: () => 'store the tensor in the data type of the model, or declare the parameter in that of the file',
    url: 'https://tsjit.dev/e/weight_dtype_mismatch',
  },
  weight_invalid_file: {
    severity: 'error',
    message: (params) => `the weights cannot be read: ${show.text(params.message)}`,
    help: () => 'check that the address leads to a `.safetensors` file and not to a page or to a pointer of Git LFS',
    url: 'https://tsjit.dev/e/weight_invalid_file',
  },
  weight_missing: {
    severity: 'error',
    message: (params) => `the weights have no tensor ${show.name(params.path)}`,
    help: () => 'load the file that belongs to the model, or rename the layer so that its path is the name in the file',
    url: 'https://tsjit.dev/e/weight_missing',
  },
  weight_not_buffer: {
    severity: 'error',
    message: (params) => `\`assign\` changes buffers, and this is ${show.text(params.got)}`,
    help: () => 'declare the state with `buffer(…)`, or return the new value',
    url: 'https://tsjit.dev/e/weight_not_buffer',
  },
  weight_shape_mismatch: {
    severity: 'error',
    message: (params) => `${show.name(params.path)} is ${show.type(params.expected)} in the model and ${show.type(params.got)} in the weights`,
    help: () => 'correct the sizes of the layer; a transposed matrix comes from a framework that stores `linear` the other way round',
    url: 'https://tsjit.dev/e/weight_shape_mismatch',
  },
  weight_unavailable: {
    severity: 'error',
    message: (params) => `the weights at ${show.code(params.address)} cannot be loaded: ${show.text(params.message)}`,
    help: () => 'check the address, that the file is published with the app, and that the server allows this origin',
    url: 'https://tsjit.dev/e/weight_unavailable',
  },
  weight_unexpected: {
    severity: 'error',
    message: (params) => `the model has no parameter ${show.name(params.path)}, which the weights hold`,
    help: () => 'declare the layer, or load with `{ strict: false }` to leave the rest of the file unused',
    url: 'https://tsjit.dev/e/weight_unexpected',
  },
  weight_unused: {
    severity: 'warning',
    message: (params) => `${show.name(params.path)} is declared and never used`,
    help: () => 'use it in `forward`, or remove it from `layers`',
    url: 'https://tsjit.dev/e/weight_unused',
  },
}
