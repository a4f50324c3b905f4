// convert: cvt
//
// The common conversions have handlers of their own; the others go through the widest number of their kind, under the
// rounding mode of the instruction.
#include <cfenv>
#include <limits>
#include "float.h"

namespace {
enum Rounding : uint8_t { nearest, zero, down, up };
enum Flags : uint8_t { isFtz = 1, isSat = 2, isRelu = 4, isToWhole = 8 };

template <class D, class S, class F> void direct(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<D>(instr.d), F{}, warp.slot<S>(instr.a));
}
template <class D> struct Cast { template <class S> D operator()(S a) const { return D(a); } };

template <uint8_t rounding> float whole(float value) {
  return rounding == nearest ? __builtin_rintf(value) : rounding == zero ? __builtin_truncf(value) : rounding == down ? __builtin_floorf(value) : __builtin_ceilf(value);
}
template <uint8_t rounding> struct Whole { float operator()(float a) const { return whole<rounding>(a); } };
template <uint8_t rounding> struct ToS32 {
  int32_t operator()(float a) const {
    const float w = whole<rounding>(a);
    return w != w ? 0 : w >= 0x1p31f ? INT32_MAX : w <= -0x1p31f ? INT32_MIN : int32_t(w);
  }
};
template <uint8_t rounding> struct ToU32 {
  uint32_t operator()(float a) const {
    const float w = whole<rounding>(a);
    return w >= 0x1p32f ? UINT32_MAX : w > 0 ? uint32_t(int64_t(w)) : 0;
  }
};
template <template <uint8_t> class F, class D> Handler pickRounding(uint8_t rounding) {
  static const Handler all[] = {direct<D, float, F<0>>, direct<D, float, F<1>>, direct<D, float, F<2>>, direct<D, float, F<3>>};
  return all[rounding];
}
struct FromHalf { float operator()(uint16_t a) const { return halfToFloat(a); } };
struct FromBfloat { float operator()(uint16_t a) const { return bfloatToFloat(a); } };
struct ToHalf { uint16_t operator()(float a) const { return floatToHalf(a); } };
struct ToBfloat { uint16_t operator()(float a) const { return floatToBfloat(a); } };

struct FastRow { Ty d, s; Handler run; };
const FastRow fastRows[] = {
    {Ty::f32, Ty::s32, direct<float, int32_t, Cast<float>>},      {Ty::f32, Ty::u32, direct<float, uint32_t, Cast<float>>},
    {Ty::f32, Ty::f16, direct<float, uint16_t, FromHalf>},        {Ty::f32, Ty::bf16, direct<float, uint16_t, FromBfloat>},
    {Ty::f16, Ty::f32, direct<uint16_t, float, ToHalf>},          {Ty::bf16, Ty::f32, direct<uint16_t, float, ToBfloat>},
    {Ty::u64, Ty::u32, direct<uint64_t, uint32_t, Cast<uint64_t>>}, {Ty::s64, Ty::s32, direct<int64_t, int32_t, Cast<int64_t>>},
    {Ty::u32, Ty::u64, direct<uint32_t, uint64_t, Cast<uint32_t>>}, {Ty::s32, Ty::s64, direct<int32_t, int64_t, Cast<int32_t>>},
    {Ty::u32, Ty::u16, direct<uint32_t, uint16_t, Cast<uint32_t>>}, {Ty::s32, Ty::s16, direct<int32_t, int16_t, Cast<int32_t>>},
    {Ty::u16, Ty::u32, direct<uint16_t, uint32_t, Cast<uint16_t>>}, {Ty::f64, Ty::f32, direct<double, float, Cast<double>>},
};

// What a lane of a register holds, as the source type of the conversion.
__int128 readInteger(const uint8_t* at, Ty type, uint32_t bytes) {
  uint64_t bits = 0;
  memcpy(&bits, at, bytes);
  switch (type) {
    case Ty::u8: case Ty::b8: return uint8_t(bits);
    case Ty::s8: return int8_t(bits);
    case Ty::u16: case Ty::b16: return uint16_t(bits);
    case Ty::s16: return int16_t(bits);
    case Ty::u32: case Ty::b32: return uint32_t(bits);
    case Ty::s32: return int32_t(bits);
    case Ty::s64: return int64_t(bits);
    default: return bits;
  }
}
double readFloat(const uint8_t* at, Ty type) {
  if (type == Ty::f64) { double v; memcpy(&v, at, 8); return v; }
  if (type == Ty::f32) { float v; memcpy(&v, at, 4); return v; }
  uint16_t half;
  memcpy(&half, at, 2);
  return type == Ty::f16 ? halfToFloat(half) : bfloatToFloat(half);
}
__int128 lowest(Ty type) { return isSigned(type) ? -((__int128)1 << (bytesOf(type) * 8 - 1)) : 0; }
__int128 highest(Ty type) { return ((__int128)1 << (bytesOf(type) * 8 - (isSigned(type) ? 1 : 0))) - 1; }
__int128 clamp(__int128 value, Ty type) { return std::max(lowest(type), std::min(highest(type), value)); }

double roundWhole(double value, uint8_t rounding) {
  return rounding == nearest ? __builtin_rint(value) : rounding == zero ? __builtin_trunc(value) : rounding == down ? __builtin_floor(value) : __builtin_ceil(value);
}
__int128 floatToInteger(double value, Ty from, Ty to, uint8_t rounding) {
  if (value != value) {
    const bool isZero = from != Ty::f64 && bytesOf(to) != 8;
    return isZero ? 0 : isSigned(to) ? lowest(to) : (__int128)1 << (bytesOf(to) * 8 - 1);
  }
  const double w = roundWhole(value, rounding);
  if (w <= (double)lowest(to)) return lowest(to);
  if (w >= (double)highest(to)) return highest(to);
  return (__int128)w;
}
void writeInteger(uint8_t* at, __int128 value, Ty type, uint32_t bytes) {
  // Cut to the type, then as wide as the register.
  uint8_t room[16];
  memcpy(room, &value, 16);
  const __int128 cut = readInteger(room, type, bytesOf(type));
  memcpy(at, &cut, bytes);
}

// bf16 has no rounding of its own on the host: other modes than the nearest work on the bits.
uint16_t bfloatRounded(float value, uint8_t rounding) {
  if (rounding == nearest || value != value) return floatToBfloat(value);
  const uint32_t bits = asBits(value);
  const bool isInexact = bits & 0xffff, isNegative = bits >> 31;
  const bool away = isInexact && ((rounding == up && !isNegative) || (rounding == down && isNegative));
  return uint16_t((bits >> 16) + away);
}
template <class W> void writeFloat(uint8_t* at, W value, Ty type, uint8_t flags, uint8_t rounding) {
  if (type == Ty::f64) { double v = value; if (flags & isSat) v = v > 0 ? std::min(v, 1.0) : 0; memcpy(at, &v, 8); return; }
  float v = (float)value;
  if (flags & isFtz && type == Ty::f32) v = flush(v);
  if (flags & isSat) v = saturate(v);
  if (flags & isRelu) v = v != v ? v : v > 0 ? v : 0;
  if (type == Ty::f32) { memcpy(at, &v, 4); return; }
  uint16_t half;
  if (type == Ty::bf16) half = bfloatRounded(v, rounding);
  else if (std::is_same_v<W, double> && !(flags & (isSat | isRelu))) {
    const _Float16 h = (_Float16)value;
    memcpy(&half, &h, 2);
    if (value != value) half = 0x7fff;
  } else half = floatToHalf(v);
  memcpy(at, &half, 2);
}

// kind: flags; size: rounding; count: bytes of the two registers; imm: the two types
const int modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD, FE_UPWARD};
void convertAny(Warp& warp, const Instr& instr, uint32_t mask) {
  const Ty to = Ty(instr.imm >> 8 & 0xff), from = Ty(instr.imm & 0xff);
  const uint32_t toBytes = instr.count >> 4, fromBytes = instr.count & 15;
  const uint8_t flags = instr.kind, rounding = instr.size;
  const bool changesMode = rounding != nearest && !(flags & isToWhole);
  if (changesMode) fesetround(modes[rounding]);
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const uint8_t* source = warp.registers + instr.a + lane * fromBytes;
    uint8_t* result = warp.registers + instr.d + lane * toBytes;
    if (!isFloat(from)) {
      __int128 value = readInteger(source, from, fromBytes);
      if (!isFloat(to)) writeInteger(result, flags & isSat ? clamp(value, to) : value, to, toBytes);
      else if (from == Ty::u64) writeFloat(result, to == Ty::f64 ? (double)(uint64_t)value : (double)(float)(uint64_t)value, to, flags, rounding);
      else if (to == Ty::f32) writeFloat(result, (float)(int64_t)value, to, flags, rounding);
      else writeFloat(result, (double)(int64_t)value, to, flags, rounding);
      continue;
    }
    double value = readFloat(source, from);
    if (flags & isFtz && from == Ty::f32) value = flush((float)value);
    if (!isFloat(to)) { writeInteger(result, floatToInteger(value, from, to, rounding), to, toBytes); continue; }
    if (flags & isToWhole) value = roundWhole(value, rounding);
    writeFloat(result, value, to, flags, rounding);
  }
  if (changesMode) fesetround(FE_TONEAREST);
}

Handler pickFast(Ty to, Ty from, uint8_t flags, uint8_t rounding, bool isExactWidth) {
  if (!isExactWidth || (flags & ~isToWhole)) return nullptr;
  if (from == Ty::f32 && to == Ty::s32) return pickRounding<ToS32, int32_t>(rounding);
  if (from == Ty::f32 && to == Ty::u32) return pickRounding<ToU32, uint32_t>(rounding);
  if (from == Ty::f32 && to == Ty::f32 && flags & isToWhole) return pickRounding<Whole, float>(rounding);
  if (rounding != nearest || flags) return nullptr;
  for (const FastRow& row : fastRows) if (row.d == to && row.s == from) return row.run;
  return nullptr;
}

// d = {a, b}: a is the upper half
void pairOf(Warp& warp, const Instr& instr, uint32_t mask) {
  uint16_t* d = warp.slot<uint16_t>(instr.d);
  const float *a = warp.slot<float>(instr.a), *b = warp.slot<float>(instr.b);
  const Ty half = Ty(instr.imm);
  if (instr.size != nearest) fesetround(modes[instr.size]);
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    writeFloat((uint8_t*)(d + 2 * lane), b[lane], half, instr.kind, instr.size);
    writeFloat((uint8_t*)(d + 2 * lane + 1), a[lane], half, instr.kind, instr.size);
  }
  if (instr.size != nearest) fesetround(FE_TONEAREST);
}

void toTf32(Warp& warp, const Instr& instr, uint32_t mask) {
  const bool awayFromZero = instr.kind;
  each(warp, mask, warp.slot<uint32_t>(instr.d), [awayFromZero](uint32_t bits) {
    if ((bits & 0x7f800000u) == 0x7f800000u) return bits;
    return (bits + (awayFromZero ? 0x1000u : 0xfffu + (bits >> 13 & 1))) & 0xffffe000u;
  }, warp.slot<uint32_t>(instr.a));
}

void decodeCvt(Decoder& decoder) {
  const Ty from = decoder.type(), to = decoder.type(1);
  if (from == Ty::none || to == Ty::none || decoder.has("pack") || decoder.has("rs")) decoder.unsupported();
  const int toWhole = decoder.which({"rni", "rzi", "rmi", "rpi"});
  const uint8_t rounding = toWhole >= 0 ? toWhole : std::max(0, decoder.which({"rn", "rz", "rm", "rp"}));
  uint8_t flags = (decoder.has("ftz") ? isFtz : 0) | (decoder.has("sat") ? isSat : 0) | (decoder.has("relu") ? isRelu : 0) |
                  (toWhole >= 0 ? isToWhole : 0);
  if (decoder.has("satfinite")) decoder.unsupported();
  if (to == Ty::tf32) { decoder.emitSame(toTf32, Ty::b32).kind = decoder.has("rna"); return; }
  if (isPacked(to)) {
    const uint32_t d = decoder.destination(0, to), a = decoder.source(1, Ty::f32), b = decoder.source(2, Ty::f32);
    Instr& instr = decoder.emit(pairOf);
    instr.d = d; instr.a = a; instr.b = b; instr.kind = flags; instr.size = rounding;
    instr.imm = uint8_t(to == Ty::f16x2 ? Ty::f16 : Ty::bf16);
    return;
  }
  if (isPacked(from) || from == Ty::tf32 || from == Ty::pred || to == Ty::pred) decoder.unsupported();
  if (isFloat(from) && !isFloat(to)) {
    if (toWhole < 0) decoder.fail("a conversion to a whole number needs .rni, .rzi, .rmi or .rpi");
    flags &= ~isSat;  // always saturates
  }
  if (isFloat(to) && (!isFloat(from) || bytesOf(to) < bytesOf(from)) && toWhole < 0 && decoder.which({"rn", "rz", "rm", "rp"}) < 0)
    decoder.fail("a conversion that rounds needs .rn, .rz, .rm or .rp");
  uint32_t toBytes, fromBytes;
  const uint32_t d = decoder.wideDestination(decoder.operand(0), to, toBytes), a = decoder.wideSource(decoder.operand(1), from, fromBytes);
  if (isFloat(to) && toBytes != bytesOf(to)) decoder.fail("the result of '" + std::string(decoder.instruction().opcode) + "' needs a register of its width");
  const Handler fast = pickFast(to, from, flags, rounding, toBytes == bytesOf(to) && fromBytes == bytesOf(from));
  Instr& instr = decoder.emit(fast ? fast : convertAny);
  instr.d = d; instr.a = a; instr.kind = flags; instr.size = rounding;
  instr.count = toBytes << 4 | fromBytes;
  instr.imm = int64_t(to) << 8 | int64_t(from);
}
}  // namespace

extern const OpTable convertOps = {{"cvt", decodeCvt}};
