// cublaslt: what the runtime calls of cuBLASLt, for tests without it
//
// A product is a launch of a plain kernel on the driver's own stream: under capture it is a node of the graph, as the
// library's are. Sizes, layouts and alignments are checked as the library checks them; it computes one way only.
#include <cstdint>
#include <cstring>
#include <map>
#include <string>

extern "C" {
int cuModuleLoadDataEx(void** module, const void* image, unsigned count, void* options, void* values);
int cuModuleGetFunction(void** function, void* module, const char* name);
int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                   unsigned shared, void* stream, void** params, void** extra);
}

#define PUBLIC extern "C" __attribute__((visibility("default")))

namespace {

enum Status { success = 0, invalidValue = 7, executionFailed = 13, notSupported = 15 };
enum Type { f32 = 0, f16 = 2, bf16 = 14 };
constexpr int compute32 = 68;

struct Desc { int32_t isTransposed[2] = {0, 0}; };
struct Layout { int type; uint64_t rows, columns; int64_t leading; int32_t count = 1; int64_t stride = 0; };
struct Preference { uint64_t workspace = 0; uint32_t alignment[4] = {256, 256, 256, 256}; };

/** What cublasLtMatmulHeuristicResult_t is in memory. */
struct Heuristic { uint64_t algorithm[8]; size_t workspace; int32_t status; float waves; int32_t reserved[4]; };
static_assert(sizeof(Heuristic) == 96);

constexpr uint64_t algorithm = 0x7473'6a69'74;

size_t bytesOf(int type) { return type == f32 ? 4 : 2; }

/** One operand as the kernel reads it: element (i, j) of it is at i * row + j * column. */
struct View { uint64_t rows, columns, row, column; };

View viewOf(const Layout& layout, bool isTransposed) {
  const uint64_t leading = static_cast<uint64_t>(layout.leading);
  if (isTransposed) return {layout.columns, layout.rows, leading, 1};
  return {layout.rows, layout.columns, 1, leading};
}

bool isProduct(const Desc& desc, const Layout& a, const Layout& b, const Layout& d) {
  const View x = viewOf(a, desc.isTransposed[0]), y = viewOf(b, desc.isTransposed[1]);
  const bool fits = x.rows == d.rows && x.columns == y.rows && y.columns == d.columns;
  return fits && a.type == b.type && a.type == d.type && a.count == d.count && b.count == d.count;
}

std::string entry(const char* name, int type) {
  const bool half = type != f32;
  const std::string bytes = half ? "2" : "4";
  const auto load = [&](const char* to, const char* at) {
    if (!half) return std::string("\tld.global.f32 ") + to + ", [" + at + "];\n";
    const std::string widen = type == f16 ? "cvt.f32.f16 " : "mov.b32 ";
    return std::string("\tld.global.b16 %h, [") + at + "];\n\t" + widen + to + (type == f16 ? ", %h;\n" : ", {0, %h};\n");
  };
  const std::string store = !half ? "\tst.global.f32 [%at], %sum;\n"
    : std::string(type == f16 ? "\tcvt.rn.f16.f32 %h, %sum;\n" : "\tcvt.rn.bf16.f32 %h, %sum;\n") + "\tst.global.b16 [%at], %h;\n";
  return std::string(".visible .entry ") + name + R"((.param .u64 p_x, .param .u64 p_y, .param .u64 p_d, .param .align 4 .b8 p_n[48])
{
	.reg .b64 %x, %y, %d, %at, %step;
	.reg .b32 %i, %j, %z, %m, %n, %k, %l, %t, %u, %w<9>;
	.reg .f32 %a, %b, %sum;
	.reg .b16 %h;
	.reg .pred %p;
	ld.param.u64 %x, [p_x];
	ld.param.u64 %y, [p_y];
	ld.param.u64 %d, [p_d];
	ld.param.u32 %m, [p_n];
	ld.param.u32 %n, [p_n+4];
	ld.param.u32 %k, [p_n+8];
	ld.param.u32 %w0, [p_n+12];
	ld.param.u32 %w1, [p_n+16];
	ld.param.u32 %w2, [p_n+20];
	ld.param.u32 %w3, [p_n+24];
	ld.param.u32 %w4, [p_n+28];
	ld.param.u32 %w5, [p_n+32];
	ld.param.u32 %w6, [p_n+36];
	ld.param.u32 %w7, [p_n+40];
	mov.u32 %i, %tid.x;
	mov.u32 %t, %ctaid.x;
	mad.lo.s32 %i, %t, 64, %i;
	mov.u32 %j, %ctaid.y;
	mov.u32 %z, %ctaid.z;
	setp.ge.s32 %p, %i, %m;
	@%p bra $end;
	mul.lo.s32 %t, %z, %w5;
	mad.lo.s32 %t, %i, %w0, %t;
	mad.wide.s32 %x, %t, )" + bytes + R"(, %x;
	mul.lo.s32 %t, %z, %w6;
	mad.lo.s32 %t, %j, %w3, %t;
	mad.wide.s32 %y, %t, )" + bytes + R"(, %y;
	mov.f32 %sum, 0f00000000;
	mov.b32 %l, 0;
$again:
	mul.lo.s32 %t, %l, %w1;
	mad.wide.s32 %at, %t, )" + bytes + ", %x;\n" + load("%a", "%at") +
    "\tmul.lo.s32 %t, %l, %w2;\n\tmad.wide.s32 %at, %t, " + bytes + ", %y;\n" + load("%b", "%at") + R"(
	fma.rn.f32 %sum, %a, %b, %sum;
	add.s32 %l, %l, 1;
	setp.lt.s32 %p, %l, %k;
	@%p bra $again;
	mul.lo.s32 %t, %z, %w7;
	mad.lo.s32 %t, %j, %w4, %t;
	add.s32 %t, %t, %i;
	mad.wide.s32 %at, %t, )" + bytes + ", %d;\n" + store + "$end:\n\tret;\n}\n";
}

void* kernelOf(int type) {
  static std::map<int, void*> kernels;
  if (kernels.count(type) != 0) return kernels[type];
  const std::string text = ".version 7.1\n.target sm_80\n.address_size 64\n" + entry("product", type);
  void* module = nullptr;
  void* function = nullptr;
  if (cuModuleLoadDataEx(&module, text.c_str(), 0, nullptr, nullptr) != 0) return nullptr;
  if (cuModuleGetFunction(&function, module, "product") != 0) return nullptr;
  return kernels[type] = function;
}

template <typename T>
int set(T& to, const void* from, size_t bytes) {
  if (bytes != sizeof(T)) return invalidValue;
  std::memcpy(&to, from, bytes);
  return success;
}

}  // namespace

PUBLIC int cublasLtCreate(uint64_t* handle) { *handle = 1; return success; }
PUBLIC int cublasLtMatmulDescCreate(Desc** desc, int compute, int scale) {
  if (compute != compute32 || scale != f32) return notSupported;
  *desc = new Desc();
  return success;
}
PUBLIC int cublasLtMatmulDescDestroy(Desc* desc) { delete desc; return success; }
PUBLIC int cublasLtMatmulDescSetAttribute(Desc* desc, int attribute, const void* value, size_t bytes) {
  return attribute == 3 || attribute == 4 ? set(desc->isTransposed[attribute - 3], value, bytes) : invalidValue;
}
PUBLIC int cublasLtMatrixLayoutCreate(Layout** layout, int type, uint64_t rows, uint64_t columns, int64_t leading) {
  if (leading < static_cast<int64_t>(rows) || (type != f32 && type != f16 && type != bf16)) return invalidValue;
  *layout = new Layout{type, rows, columns, leading};
  return success;
}
PUBLIC int cublasLtMatrixLayoutDestroy(Layout* layout) { delete layout; return success; }
PUBLIC int cublasLtMatrixLayoutSetAttribute(Layout* layout, int attribute, const void* value, size_t bytes) {
  if (attribute == 5) return set(layout->count, value, bytes);
  return attribute == 6 ? set(layout->stride, value, bytes) : invalidValue;
}
PUBLIC int cublasLtMatmulPreferenceCreate(Preference** preference) { *preference = new Preference(); return success; }
PUBLIC int cublasLtMatmulPreferenceDestroy(Preference* preference) { delete preference; return success; }
PUBLIC int cublasLtMatmulPreferenceSetAttribute(Preference* preference, int attribute, const void* value, size_t bytes) {
  if (attribute == 1) return set(preference->workspace, value, bytes);
  return attribute >= 5 && attribute <= 8 ? set(preference->alignment[attribute - 5], value, bytes) : invalidValue;
}

PUBLIC int cublasLtMatmulAlgoGetHeuristic(uint64_t handle, const Desc* desc, const Layout* a, const Layout* b, const Layout* c,
                                          const Layout* d, const Preference* preference, int wanted, Heuristic* results, int* found) {
  if (handle != 1 || wanted < 1 || c != d || !isProduct(*desc, *a, *b, *d)) return invalidValue;
  for (const uint32_t alignment : preference->alignment)
    if (alignment < bytesOf(a->type)) return notSupported;
  *results = Heuristic{};
  results->algorithm[0] = algorithm;
  *found = 1;
  return success;
}

PUBLIC int cublasLtMatmul(uint64_t handle, const Desc* desc, const float* alpha, uint64_t a, const Layout* la, uint64_t b,
                          const Layout* lb, const float* beta, uint64_t c, const Layout* lc, uint64_t d, const Layout* ld,
                          const uint64_t* chosen, uint64_t, size_t, void* stream) {
  const bool isPlain = *alpha == 1 && *beta == 0 && c == d && lc == ld;
  if (handle != 1 || chosen[0] != algorithm || !isPlain || !isProduct(*desc, *la, *lb, *ld)) return invalidValue;
  void* kernel = kernelOf(la->type);
  if (kernel == nullptr) return executionFailed;
  const View x = viewOf(*la, desc->isTransposed[0]), y = viewOf(*lb, desc->isTransposed[1]);
  uint32_t numbers[12] = {};
  const uint64_t values[] = {ld->rows, ld->columns, x.columns, x.row, x.column, y.row, y.column,
                             static_cast<uint64_t>(ld->leading), static_cast<uint64_t>(la->stride),
                             static_cast<uint64_t>(lb->stride), static_cast<uint64_t>(ld->stride)};
  for (int i = 0; i < 11; i++) numbers[i] = static_cast<uint32_t>(values[i]);
  void* params[] = {&a, &b, &d, numbers};
  const unsigned groups = static_cast<unsigned>((ld->rows + 63) / 64);
  const int result = cuLaunchKernel(kernel, groups, static_cast<unsigned>(ld->columns), static_cast<unsigned>(ld->count), 64, 1, 1,
                                    0, stream, params, nullptr);
  return result == 0 ? success : executionFailed;
}
