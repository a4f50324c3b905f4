// reserved: names that WGSL keeps for itself, and the builtins that printed code calls

const words = `
alias break case const const_assert continue continuing default diagnostic discard else enable false fn for if let loop
override requires return struct switch true var while
NULL Self abstract active alignas alignof as asm asm_fragment async attribute auto await become cast catch class co_await
co_return co_yield coherent column_major common compile compile_fragment concept const_cast consteval constexpr constinit
crate debugger decltype delete demote demote_to_helper do dynamic_cast enum explicit export extends extern external
fallthrough filter final finally friend from fxgroup get goto groupshared highp impl implements import inline instanceof
interface layout lowp macro macro_rules match mediump meta mod module move mut mutable namespace new nil noexcept noinline
nointerpolation non_coherent noncoherent noperspective null nullptr of operator package packoffset partition pass patch
pixelfragment precise precision premerge priv protected pub public readonly ref regardless register reinterpret_cast require
resource restrict self set shared sizeof smooth snorm static static_assert static_cast std subroutine super target template
this thread_local throw trait try type typedef typeid typename typeof union unless unorm unsafe unsized use using varying
virtual volatile wgsl where with writeonly yield
array atomic bool f16 f32 i32 u32 ptr vec2 vec3 vec4 vec2f vec2i vec2u vec3f vec3i vec3u vec4f vec4i vec4u mat2x2
abs all any bitcast ceil clamp countLeadingZeros exp floor fma max min round select sign sqrt trunc workgroupBarrier
storageBarrier main function private workgroup uniform storage read write read_write
`

/** Names that no declaration of a printed module may have. */
export const reservedWords: ReadonlySet<string> = new Set(words.split(/\s+/))
