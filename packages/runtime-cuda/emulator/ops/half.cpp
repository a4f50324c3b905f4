// half: arithmetic of f16, bf16 and pairs of them
//
// Computed in f32, which has more than twice their bits: one rounding after +, -, × and ÷ is then as good as exact.
// Multiply-add is computed in f64, rounded to odd where that is inexact, for the same reason.
#include "float.h"

namespace {
struct F16 {
  static float up(uint16_t v) { return halfToFloat(v); }
  static uint16_t down(float v) { return floatToHalf(v); }
  static uint16_t down(double v) {
    const _Float16 half = (_Float16)v;
    uint16_t bits;
    memcpy(&bits, &half, 2);
    return v != v ? 0x7fff : bits;
  }
};
struct Bf16 {
  static float up(uint16_t v) { return bfloatToFloat(v); }
  static uint16_t down(float v) { return floatToBfloat(v); }
  static uint16_t down(double v) {
    // To f32 rounded to odd, so that rounding to bf16 is the only one that counts.
    float narrow = (float)v;
    if (narrow != narrow || (double)narrow == v || __builtin_isinf(narrow)) return floatToBfloat(narrow);
    uint32_t bits = asBits(narrow);
    if (!(bits & 1)) bits += (__builtin_fabs((double)narrow) < __builtin_fabs(v)) ? 1 : -1;
    return floatToBfloat(asFloat(bits));
  }
};

// a·b + c as f64, rounded to odd: the product is exact, what the sum loses goes into the last bit.
double fmaToOdd(float a, float b, float c) {
  const double product = double(a) * double(b), sum = product + double(c);
  const double back = sum - product, lost = (product - (sum - back)) + (double(c) - back);
  if (lost == 0 || !(__builtin_fabs(sum) < __builtin_inf())) return sum;
  uint64_t bits;
  memcpy(&bits, &sum, 8);
  if (!(bits & 1)) bits += ((lost > 0) == (sum > 0)) ? 1 : -1;
  double odd;
  memcpy(&odd, &bits, 8);
  return odd;
}

enum Flags : uint8_t { isFtz = 1, isSat = 2, isRelu = 4 };

template <class H> uint16_t finish(uint16_t value, uint8_t flags) {
  if (flags & isFtz && (value & 0x7fff) < 0x0400) value &= 0x8000;
  if (flags & isSat) value = H::down(saturate(H::up(value)));
  if (flags & isRelu) value = H::up(value) > 0 || H::up(value) != H::up(value) ? value : 0;
  return value;
}

// `pair` is 1 for a single half a lane, 2 for two.
template <class H, uint32_t pair, class F> void run(Warp& warp, const Instr& instr, uint32_t mask) {
  uint16_t* d = warp.slot<uint16_t>(instr.d);
  const uint16_t *a = warp.slot<uint16_t>(instr.a), *b = warp.slot<uint16_t>(instr.b), *c = warp.slot<uint16_t>(instr.c);
  uint16_t result[lanes * pair];
  for (uint32_t i = 0; i < lanes * pair; i++) result[i] = F::template apply<H>(a, b, c, i);
  if (instr.kind) for (uint16_t& value : result) value = finish<H>(value, instr.kind);
  for (uint32_t i = 0; i < lanes * pair; i++) d[i] = mask >> (i / pair) & 1 ? result[i] : d[i];
}

template <class F> struct One {
  template <class H> static uint16_t apply(const uint16_t* a, const uint16_t*, const uint16_t*, uint32_t i) { return H::down(F{}(H::up(a[i]))); }
};
template <class F> struct Two {
  template <class H> static uint16_t apply(const uint16_t* a, const uint16_t* b, const uint16_t*, uint32_t i) {
    return H::down(F{}(H::up(a[i]), H::up(b[i])));
  }
};
struct Fma {
  template <class H> static uint16_t apply(const uint16_t* a, const uint16_t* b, const uint16_t* c, uint32_t i) {
    return H::down(fmaToOdd(H::up(a[i]), H::up(b[i]), H::up(c[i])));
  }
};
// Signs are bits: NaN stays what it was.
struct Abs { template <class H> static uint16_t apply(const uint16_t* a, const uint16_t*, const uint16_t*, uint32_t i) { return a[i] & 0x7fff; } };
struct Neg { template <class H> static uint16_t apply(const uint16_t* a, const uint16_t*, const uint16_t*, uint32_t i) { return a[i] ^ 0x8000; } };

struct Ex2 { float operator()(float a) const { return exp2f(a); } };
struct Tanh { float operator()(float a) const { return tanhf(a); } };

template <class F> Handler pick(Ty type) {
  switch (type) {
    case Ty::f16: return run<F16, 1, F>;
    case Ty::bf16: return run<Bf16, 1, F>;
    case Ty::f16x2: return run<F16, 2, F>;
    case Ty::bf16x2: return run<Bf16, 2, F>;
    default: return nullptr;
  }
}

struct HalfRow { std::string_view name; Handler (*pick)(Ty); };
const HalfRow rows[] = {
    {"add", pick<Two<FAdd>>}, {"sub", pick<Two<FSub>>}, {"mul", pick<Two<FMul>>}, {"fma", pick<Fma>},
    {"abs", pick<Abs>},       {"neg", pick<Neg>},       {"ex2", pick<One<Ex2>>},  {"tanh", pick<One<Tanh>>},
};
Handler pickMinMax(bool isMin, bool isNan, Ty type) {
  if (isMin) return isNan ? pick<Two<NanWins<FMin>>>(type) : pick<Two<FMin>>(type);
  return isNan ? pick<Two<NanWins<FMax>>>(type) : pick<Two<FMax>>(type);
}
}  // namespace

bool decodeHalf(Decoder& decoder) {
  const std::string_view name = decoder.instruction().parts[0];
  const Ty type = decoder.type();
  if (!isHalf(type) && !isPacked(type)) return false;
  Handler run = nullptr;
  if (name == "min" || name == "max") run = pickMinMax(name == "min", decoder.has("NaN"), type);
  for (const HalfRow& row : rows) if (row.name == name) run = row.pick(type);
  if (!run) return false;
  Instr& instr = decoder.emitSame(run, type);
  instr.kind = (decoder.has("ftz") ? isFtz : 0) | (decoder.has("sat") ? isSat : 0) | (decoder.has("relu") ? isRelu : 0);
  return true;
}
