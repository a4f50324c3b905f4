// float: what f32, f64 and the half types share
#pragma once
#include <cmath>
#include "lanes.h"

struct FAdd { template <class T> T operator()(T a, T b) const { return a + b; } };
struct FSub { template <class T> T operator()(T a, T b) const { return a - b; } };
struct FMul { template <class T> T operator()(T a, T b) const { return a * b; } };
struct FDiv { template <class T> T operator()(T a, T b) const { return a / b; } };
struct FNeg { template <class T> T operator()(T a) const { return -a; } };
struct FFma {
  float operator()(float a, float b, float c) const { return __builtin_fmaf(a, b, c); }
  double operator()(double a, double b, double c) const { return __builtin_fma(a, b, c); }
};
struct FAbs {
  float operator()(float a) const { return __builtin_fabsf(a); }
  double operator()(double a) const { return __builtin_fabs(a); }
};
// A number wins over NaN, and -0 is less than 0.
struct FMin {
  template <class T> T operator()(T a, T b) const {
    return a != a ? b : b != b ? a : a < b ? a : b < a ? b : __builtin_signbit(a) ? a : b;
  }
};
struct FMax {
  template <class T> T operator()(T a, T b) const {
    return a != a ? b : b != b ? a : a > b ? a : b > a ? b : __builtin_signbit(a) ? b : a;
  }
};
template <class F> struct NanWins {
  template <class T> T operator()(T a, T b) const { return a != a ? a : b != b ? b : F{}(a, b); }
};

inline float flush(float value) { return __builtin_fabsf(value) < 0x1p-126f ? __builtin_copysignf(0.0f, value) : value; }
inline double flush(double value) { return value; }
inline float saturate(float value) { return value > 0 ? (value < 1 ? value : 1.0f) : 0.0f; }  // NaN gives 0
inline double saturate(double value) { return value; }

inline float bfloatToFloat(uint16_t half) { return asFloat(uint32_t(half) << 16); }
// Of tf32 the lower 13 bits do not take part.
inline float tf32ToFloat(uint32_t word) { return asFloat(word & 0xffffe000u); }
inline uint16_t floatToBfloat(float value) {
  const uint32_t bits = asBits(value);
  if (value != value) return 0x7fff;
  return uint16_t((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
// Half numbers are scaled floats with the same bits in other places; denormals come out right.
inline float halfToFloat(uint16_t half) {
  const uint32_t shifted = uint32_t(half & 0x7fff) << 13;
  uint32_t bits = asBits(asFloat(shifted) * 0x1p112f);
  if (shifted >= 0x0f800000u) bits |= 0x7f800000u;
  return asFloat(bits | uint32_t(half & 0x8000) << 16);
}
inline uint16_t floatToHalf(float value) {
  const _Float16 half = (_Float16)value;
  uint16_t bits;
  memcpy(&bits, &half, 2);
  return value != value ? 0x7fff : bits;
}

/** Half arithmetic, for `decodeFloat` to try: false where the type is none of the half types. */
bool decodeHalf(Decoder& decoder);
/** Integer arithmetic of the same name. */
bool decodeInteger(Decoder& decoder);
