// types: the scalar types of PTX and their sizes
#pragma once
#include <cstdint>
#include <string_view>

enum class Ty : uint8_t {
  none, pred,
  b8, u8, s8,
  b16, u16, s16, f16, bf16,
  b32, u32, s32, f32, f16x2, bf16x2, tf32,
  b64, u64, s64, f64,
};

/** Bytes of a value of this type; a predicate is one bit of a mask of 32 lanes. */
uint32_t bytesOf(Ty type);

/** The type of this name without its dot, or `Ty::none`. */
Ty typeNamed(std::string_view name);

inline bool isSigned(Ty type) { return type == Ty::s8 || type == Ty::s16 || type == Ty::s32 || type == Ty::s64; }
inline bool isHalf(Ty type) { return type == Ty::f16 || type == Ty::bf16; }
inline bool isPacked(Ty type) { return type == Ty::f16x2 || type == Ty::bf16x2; }
inline bool isFloat(Ty type) { return type == Ty::f32 || type == Ty::f64 || isHalf(type) || isPacked(type); }
