// lanes: loops over the lanes of a warp
//
// The loop for all live lanes writes without looking at the mask: what a lane that has ended holds is nobody's business.
#pragma once
#include "decoder.h"

inline bool isWhole(const Warp& warp, uint32_t mask) { return (mask & warp.live) == warp.live; }

/** d[l] = f(s[l]…) for the lanes of a mask. Slots are the same or apart. */
template <class D, class F, class... S>
inline __attribute__((always_inline)) void each(const Warp& warp, uint32_t mask, D* d, F f, const S*... s) {
  if (isWhole(warp, mask)) {
#pragma GCC ivdep
    for (uint32_t lane = 0; lane < lanes; lane++) d[lane] = f(s[lane]...);
  } else {
#pragma GCC ivdep
    for (uint32_t lane = 0; lane < lanes; lane++) {
      const D value = f(s[lane]...);
      d[lane] = mask >> lane & 1 ? value : d[lane];
    }
  }
}

template <class T, class F> void unary(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<T>(instr.d), F{}, warp.slot<T>(instr.a));
}
template <class T, class F> void binary(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<T>(instr.d), F{}, warp.slot<T>(instr.a), warp.slot<T>(instr.b));
}
template <class T, class F> void ternary(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<T>(instr.d), F{}, warp.slot<T>(instr.a), warp.slot<T>(instr.b), warp.slot<T>(instr.c));
}

/** Bits from lanes that are not zero. */
inline uint32_t maskOf(const uint32_t* lane) {
  uint32_t mask = 0;
  for (uint32_t l = 0; l < lanes; l++) mask |= (lane[l] ? 1u : 0u) << l;
  return mask;
}

/** f(s[l]…) as bits. */
template <class F, class... S>
inline __attribute__((always_inline)) uint32_t bitsOf(F f, const S*... s) {
  uint32_t lane[lanes];
#pragma GCC ivdep
  for (uint32_t l = 0; l < lanes; l++) lane[l] = f(s[l]...) ? 1u << l : 0u;
  uint32_t mask = 0;
  for (uint32_t l = 0; l < lanes; l++) mask |= lane[l];
  return mask;
}

inline uint32_t blend(uint32_t mask, uint32_t yes, uint32_t no) { return (yes & mask) | (no & ~mask); }

/** The handler for the C++ type of an integer type: `pick<Ty::u32>` and so on, nullptr where the type is none of them. */
template <template <class> class H> Handler pickInteger(Ty type) {
  switch (type) {
    case Ty::u16: case Ty::b16: return H<uint16_t>::run;
    case Ty::s16: return H<int16_t>::run;
    case Ty::u32: case Ty::b32: return H<uint32_t>::run;
    case Ty::s32: return H<int32_t>::run;
    case Ty::u64: case Ty::b64: return H<uint64_t>::run;
    case Ty::s64: return H<int64_t>::run;
    default: return nullptr;
  }
}

/** The same for one functor: F::operator() takes any of the types. */
template <class F> struct Unary { template <class T> struct Of { static constexpr Handler run = unary<T, F>; }; };
template <class F> struct Binary { template <class T> struct Of { static constexpr Handler run = binary<T, F>; }; };
template <class F> struct Ternary { template <class T> struct Of { static constexpr Handler run = ternary<T, F>; }; };

inline float asFloat(uint32_t bits) { float value; memcpy(&value, &bits, 4); return value; }
inline uint32_t asBits(float value) { uint32_t bits; memcpy(&bits, &value, 4); return bits; }
