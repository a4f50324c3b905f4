// float: arithmetic of f32 and f64
//
// Each operation has a plain handler and one that knows .ftz, .sat and directed rounding.
#include "float.h"
#include <cfenv>

namespace {
enum Flags : uint8_t { isFtz = 1, isSat = 2 };

struct Sqrt {
  float operator()(float a) const { return __builtin_sqrtf(a); }
  double operator()(double a) const { return __builtin_sqrt(a); }
};
struct Rcp { template <class T> T operator()(T a) const { return T(1) / a; } };
struct Rsqrt {
  float operator()(float a) const { return float(1 / __builtin_sqrt(double(a))); }
  double operator()(double a) const { return 1 / __builtin_sqrt(a); }
};
struct Ex2 { float operator()(float a) const { return exp2f(a); } };
struct Lg2 { float operator()(float a) const { return log2f(a); } };
struct Sin { float operator()(float a) const { return sinf(a); } };
struct Cos { float operator()(float a) const { return cosf(a); } };
struct Tanh { float operator()(float a) const { return tanhf(a); } };
struct Copysign { template <class T> T operator()(T a, T b) const { return std::copysign(b, a); } };

const int roundings[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};

template <class T> const T* flushed(const T* from, T* room, bool is) {
  if (!is) return from;
  for (uint32_t lane = 0; lane < lanes; lane++) room[lane] = flush(from[lane]);
  return room;
}

// The result before .ftz and .sat is made in the wanted rounding mode; the calls keep the loop between them.
template <class T, class Loop> void general(Warp& warp, const Instr& instr, uint32_t mask, Loop loop) {
  alignas(64) T rooms[3][lanes], result[lanes];
  const bool ftz = instr.kind & isFtz;
  const T* s[3] = {flushed(warp.slot<T>(instr.a), rooms[0], ftz), flushed(warp.slot<T>(instr.b), rooms[1], ftz),
                   flushed(warp.slot<T>(instr.c), rooms[2], ftz)};
  if (instr.size) fesetround(roundings[instr.size]);
  loop(result, s);
  if (instr.size) fesetround(FE_TONEAREST);
  if (ftz) for (T& value : result) value = flush(value);
  if (instr.kind & isSat) for (T& value : result) value = saturate(value);
  each(warp, mask, warp.slot<T>(instr.d), [](T value) { return value; }, result);
}

template <class T, class F> struct Float1 {
  static void plain(Warp& warp, const Instr& instr, uint32_t mask) { unary<T, F>(warp, instr, mask); }
  static void flags(Warp& warp, const Instr& instr, uint32_t mask) {
    general<T>(warp, instr, mask, [](T* d, const T* const* s) { for (uint32_t l = 0; l < lanes; l++) d[l] = F{}(s[0][l]); });
  }
};
template <class T, class F> struct Float2 {
  static void plain(Warp& warp, const Instr& instr, uint32_t mask) { binary<T, F>(warp, instr, mask); }
  static void flags(Warp& warp, const Instr& instr, uint32_t mask) {
    general<T>(warp, instr, mask, [](T* d, const T* const* s) { for (uint32_t l = 0; l < lanes; l++) d[l] = F{}(s[0][l], s[1][l]); });
  }
};
template <class T, class F> struct Float3 {
  static void plain(Warp& warp, const Instr& instr, uint32_t mask) { ternary<T, F>(warp, instr, mask); }
  static void flags(Warp& warp, const Instr& instr, uint32_t mask) {
    general<T>(warp, instr, mask, [](T* d, const T* const* s) { for (uint32_t l = 0; l < lanes; l++) d[l] = F{}(s[0][l], s[1][l], s[2][l]); });
  }
};

template <class H> void emitFloat(Decoder& decoder, Ty type) {
  const uint8_t flags = (decoder.has("ftz") ? isFtz : 0) | (decoder.has("sat") ? isSat : 0);
  const uint8_t rounding = std::max(0, decoder.which({"rn", "rz", "rm", "rp"}));
  Instr& instr = decoder.emitSame(flags || rounding ? H::flags : H::plain, type);
  instr.kind = flags;
  instr.size = rounding;
}

template <template <class, class> class H, class F> void decodeOne(Decoder& decoder) {
  const Ty type = decoder.type();
  if (type == Ty::f32) emitFloat<H<float, F>>(decoder, type);
  else if (type == Ty::f64) emitFloat<H<double, F>>(decoder, type);
  else if (!decodeHalf(decoder) && !decodeInteger(decoder)) decoder.unsupported();
}
template <class F> void decodeApprox(Decoder& decoder) {
  if (decoder.type() == Ty::f32) emitFloat<Float1<float, F>>(decoder, Ty::f32);
  else if (!decodeHalf(decoder)) decoder.unsupported();
}
template <class F> void decodeMinMax(Decoder& decoder) {
  if (decoder.operandCount() > 3 || decoder.has("xorsign")) decoder.unsupported();
  if (decoder.has("NaN")) decodeOne<Float2, NanWins<F>>(decoder);
  else decodeOne<Float2, F>(decoder);
}
// abs and neg change one bit: .ftz is all that makes them arithmetic
template <class F> void decodeSign(Decoder& decoder) { decodeOne<Float1, F>(decoder); }

enum Class : uint8_t { finite, infinite, number, notANumber, normal, subnormal };
template <class T> void testClass(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint8_t kind = instr.kind;
  const uint32_t bits = bitsOf([kind](T value) {
    const int c = std::fpclassify(value);
    switch (kind) {
      case finite: return c != FP_INFINITE && c != FP_NAN;
      case infinite: return c == FP_INFINITE;
      case number: return c != FP_NAN;
      case notANumber: return c == FP_NAN;
      case normal: return c == FP_NORMAL || c == FP_ZERO;
      default: return c == FP_SUBNORMAL;
    }
  }, warp.slot<T>(instr.a));
  warp.predicate(instr.d) = blend(mask, bits, warp.predicate(instr.d));
}
void decodeTest(Decoder& decoder) {
  const int kind = decoder.which({"finite", "infinite", "number", "notanumber", "normal", "subnormal"});
  if (kind < 0) decoder.unsupported();
  uint32_t flip;
  const uint32_t d = decoder.predicate(decoder.operand(0), flip), a = decoder.source(1, decoder.type());
  Instr& instr = decoder.emit(decoder.type() == Ty::f64 ? testClass<double> : testClass<float>);
  instr.d = d; instr.a = a; instr.kind = kind;
}
}  // namespace

extern const OpTable floatOps = {
    {"add", decodeOne<Float2, FAdd>},
    {"sub", decodeOne<Float2, FSub>},
    {"mul", decodeOne<Float2, FMul>},
    {"div", decodeOne<Float2, FDiv>},
    {"fma", decodeOne<Float3, FFma>},
    {"mad", decodeOne<Float3, FFma>},
    {"abs", decodeSign<FAbs>},
    {"neg", decodeSign<FNeg>},
    {"min", decodeMinMax<FMin>},
    {"max", decodeMinMax<FMax>},
    {"sqrt", decodeOne<Float1, Sqrt>},
    {"rcp", decodeOne<Float1, Rcp>},
    {"rsqrt", decodeOne<Float1, Rsqrt>},
    {"copysign", decodeOne<Float2, Copysign>},
    {"ex2", decodeApprox<Ex2>},
    {"lg2", decodeApprox<Lg2>},
    {"sin", decodeApprox<Sin>},
    {"cos", decodeApprox<Cos>},
    {"tanh", decodeApprox<Tanh>},
    {"testp", decodeTest},
};
