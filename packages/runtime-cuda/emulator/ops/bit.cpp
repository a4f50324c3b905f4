// bit: logic, shifts, bit fields, permutations
#include "lanes.h"

namespace {
struct And { template <class T> T operator()(T a, T b) const { return a & b; } };
struct Or { template <class T> T operator()(T a, T b) const { return a | b; } };
struct Xor { template <class T> T operator()(T a, T b) const { return a ^ b; } };
struct Not { template <class T> T operator()(T a) const { return T(~a); } };
struct Cnot { template <class T> T operator()(T a) const { return a == 0; } };

template <class F> Handler pickBits1(Ty type) {
  return bytesOf(type) == 2 ? unary<uint16_t, F> : bytesOf(type) == 8 ? unary<uint64_t, F> : unary<uint32_t, F>;
}
template <class F> Handler pickBits2(Ty type) {
  return bytesOf(type) == 2 ? binary<uint16_t, F> : bytesOf(type) == 8 ? binary<uint64_t, F> : binary<uint32_t, F>;
}

// On predicates a logic instruction is one on masks.
template <class F> void onMasks(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t a = warp.predicate(instr.a) ^ uint32_t(instr.imm), b = warp.predicate(instr.b) ^ uint32_t(uint64_t(instr.imm) >> 32);
  warp.predicate(instr.d) = blend(mask, F{}(a, b), warp.predicate(instr.d));
}
template <class F> void decodeLogic(Decoder& decoder) {
  const Ty type = decoder.type();
  if (type != Ty::pred) { decoder.emitSame(pickBits2<F>(type), type); return; }
  uint32_t ignored, flipA, flipB;
  const uint32_t d = decoder.predicate(decoder.operand(0), ignored), a = decoder.predicate(decoder.operand(1), flipA),
                 b = decoder.predicate(decoder.operand(2), flipB);
  Instr& instr = decoder.emit(onMasks<F>);
  instr.d = d; instr.a = a; instr.b = b;
  instr.imm = int64_t(uint64_t(flipB) << 32 | flipA);
}
struct First { uint32_t operator()(uint32_t a, uint32_t) const { return ~a; } };
void decodeNot(Decoder& decoder) {
  const Ty type = decoder.type();
  if (type != Ty::pred) { decoder.emitSame(pickBits1<Not>(type), type); return; }
  uint32_t ignored, flip;
  const uint32_t d = decoder.predicate(decoder.operand(0), ignored), a = decoder.predicate(decoder.operand(1), flip);
  Instr& instr = decoder.emit(onMasks<First>);
  instr.d = d; instr.a = a; instr.imm = flip;
}

// Shifts by as many bits as there are, or more, leave zero or the sign.
struct Shl { template <class T> T operator()(T a, uint32_t n) const { return n >= sizeof(T) * 8 ? T(0) : T(a << n); } };
struct Shr { template <class T> T operator()(T a, uint32_t n) const { return T(a >> (n >= sizeof(T) * 8 ? sizeof(T) * 8 - 1 : n)); } };
struct ShrLogical { template <class T> T operator()(T a, uint32_t n) const { return n >= sizeof(T) * 8 ? T(0) : T(a >> n); } };
template <class T, class F> void shift(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<T>(instr.d), F{}, warp.slot<T>(instr.a), warp.slot<uint32_t>(instr.b));
}
template <class F> struct Shift { template <class T> struct Of { static constexpr Handler run = shift<T, F>; }; };
void decodeShift(Decoder& decoder, Handler run) {
  if (!run) decoder.unsupported();
  const Ty type = decoder.type();
  const uint32_t d = decoder.destination(0, type), a = decoder.source(1, type), b = decoder.source(2, Ty::u32);
  Instr& instr = decoder.emit(run);
  instr.d = d; instr.a = a; instr.b = b;
}

template <bool isLeft, bool wraps> struct Funnel {
  uint32_t operator()(uint32_t low, uint32_t high, uint32_t n) const {
    n = wraps ? n & 31 : n > 32 ? 32 : n;
    const uint64_t both = uint64_t(high) << 32 | low;
    return isLeft ? uint32_t((both << n) >> 32) : uint32_t(both >> n);
  }
};
template <bool isLeft> Handler pickFunnel(bool wraps) {
  return wraps ? ternary<uint32_t, Funnel<isLeft, true>> : ternary<uint32_t, Funnel<isLeft, false>>;
}

void lop3(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t table = uint32_t(instr.imm);
  each(warp, mask, warp.slot<uint32_t>(instr.d), [table](uint32_t a, uint32_t b, uint32_t c) {
    uint32_t out = 0;
    for (int k = 0; k < 8; k++)
      if (table >> k & 1) out |= (k & 4 ? a : ~a) & (k & 2 ? b : ~b) & (k & 1 ? c : ~c);
    return out;
  }, warp.slot<uint32_t>(instr.a), warp.slot<uint32_t>(instr.b), warp.slot<uint32_t>(instr.c));
}
void decodeLop3(Decoder& decoder) {
  if (decoder.operandCount() != 5 || decoder.operand(4).kind != Operand::Integer) decoder.unsupported();
  const uint32_t d = decoder.destination(0, Ty::b32), a = decoder.source(1, Ty::b32), b = decoder.source(2, Ty::b32),
                 c = decoder.source(3, Ty::b32);
  Instr& instr = decoder.emit(lop3);
  instr.d = d; instr.a = a; instr.b = b; instr.c = c;
  instr.imm = decoder.operand(4).bits;
}

// Bit fields: position and length are bytes of 32-bit registers.
template <class T> struct Extract {
  T operator()(T a, uint32_t from, uint32_t length) const {
    constexpr uint32_t bits = sizeof(T) * 8;
    from &= 0xff; length &= 0xff;
    using U = std::make_unsigned_t<T>;
    const bool isNegative = std::is_signed_v<T> && length > 0 && (a >> std::min(from + length - 1, bits - 1) & 1);
    // The bits of the field that there are; beyond them is the sign.
    const uint32_t have = from >= bits ? 0 : std::min(length, bits - from);
    const U inside = have == bits ? U(-1) : (U(1) << have) - 1;
    const U field = have == 0 ? U(0) : U(a) >> from & inside;
    return T(isNegative ? field | ~inside : field);
  }
};
template <class T> void extract(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<T>(instr.d), Extract<T>{}, warp.slot<T>(instr.a), warp.slot<uint32_t>(instr.b), warp.slot<uint32_t>(instr.c));
}
template <class T> void insert(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t* lengths = warp.slot<uint32_t>(instr.imm);
  each(warp, mask, warp.slot<T>(instr.d), [](T a, T b, uint32_t from, uint32_t length) {
    constexpr uint32_t bits = sizeof(T) * 8;
    from &= 0xff; length &= 0xff;
    if (from >= bits || length == 0) return b;
    const T field = (length >= bits ? T(-1) : (T(1) << length) - 1) << from;
    return T((b & ~field) | ((a << from) & field));
  }, warp.slot<T>(instr.a), warp.slot<T>(instr.b), warp.slot<uint32_t>(instr.c), lengths);
}
void decodeExtract(Decoder& decoder) {
  const Ty type = decoder.type();
  const uint32_t d = decoder.destination(0, type), a = decoder.source(1, type), b = decoder.source(2, Ty::u32), c = decoder.source(3, Ty::u32);
  Handler run = type == Ty::u32 ? extract<uint32_t> : type == Ty::s32 ? extract<int32_t> : type == Ty::u64 ? extract<uint64_t> : extract<int64_t>;
  Instr& instr = decoder.emit(run);
  instr.d = d; instr.a = a; instr.b = b; instr.c = c;
}
void decodeInsert(Decoder& decoder) {
  const Ty type = decoder.type();
  const uint32_t d = decoder.destination(0, type), a = decoder.source(1, type), b = decoder.source(2, type),
                 c = decoder.source(3, Ty::u32), e = decoder.source(4, Ty::u32);
  Instr& instr = decoder.emit(bytesOf(type) == 8 ? insert<uint64_t> : insert<uint32_t>);
  instr.d = d; instr.a = a; instr.b = b; instr.c = c; instr.imm = e;
}

struct Permute {
  uint32_t operator()(uint32_t a, uint32_t b, uint32_t select) const {
    const uint64_t bytes = uint64_t(b) << 32 | a;
    uint32_t out = 0;
    for (int i = 0; i < 4; i++) {
      const uint32_t s = select >> (4 * i);
      uint32_t byte = uint32_t(bytes >> (8 * (s & 7))) & 0xff;
      if (s & 8) byte = byte & 0x80 ? 0xff : 0;
      out |= byte << (8 * i);
    }
    return out;
  }
};
void permuteMode(Warp& warp, const Instr& instr, uint32_t mask) {
  const int mode = instr.kind;
  each(warp, mask, warp.slot<uint32_t>(instr.d), [mode](uint32_t a, uint32_t b, uint32_t c) {
    static const uint16_t selects[6][4] = {{0x3210, 0x4321, 0x5432, 0x6543}, {0x5670, 0x6701, 0x7012, 0x0123}, {0x0000, 0x1111, 0x2222, 0x3333},
                                           {0x3210, 0x3211, 0x3222, 0x3333}, {0x0000, 0x1110, 0x2210, 0x3210}, {0x1010, 0x3232, 0x1010, 0x3232}};
    return Permute{}(a, b, selects[mode][c & 3]);
  }, warp.slot<uint32_t>(instr.a), warp.slot<uint32_t>(instr.b), warp.slot<uint32_t>(instr.c));
}
void decodePermute(Decoder& decoder) {
  const int mode = decoder.which({"f4e", "b4e", "rc8", "ecl", "ecr", "rc16"});
  Instr& instr = decoder.emitSame(mode < 0 ? ternary<uint32_t, Permute> : permuteMode, Ty::b32);
  instr.kind = mode < 0 ? 0 : mode;
}

// Results of 32 bits from operands of 32 or 64.
template <class T, class F> void count(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<uint32_t>(instr.d), F{}, warp.slot<T>(instr.a));
}
struct Popc { template <class T> uint32_t operator()(T a) const { return __builtin_popcountll(a); } };
struct Clz { template <class T> uint32_t operator()(T a) const { return a == 0 ? sizeof(T) * 8 : __builtin_clzll(a) - (64 - sizeof(T) * 8); } };
template <class T> uint32_t topBit(T a) { return a == 0 ? ~0u : 63 - __builtin_clzll(std::make_unsigned_t<T>(a)); }
template <bool isShift> struct Bfind {
  template <class T> uint32_t operator()(T a) const {
    const uint32_t at = topBit(std::is_signed_v<T> && a < 0 ? T(~a) : a);
    return isShift && at != ~0u ? uint32_t(sizeof(T) * 8 - 1 - at) : at;
  }
};
template <bool isShift> Handler pickFind(Ty type) {
  return type == Ty::u32 ? count<uint32_t, Bfind<isShift>> : type == Ty::s32 ? count<int32_t, Bfind<isShift>>
       : type == Ty::u64 ? count<uint64_t, Bfind<isShift>> : count<int64_t, Bfind<isShift>>;
}
void decodeCount(Decoder& decoder, Handler run) {
  const uint32_t d = decoder.destination(0, Ty::u32), a = decoder.source(1, decoder.type());
  Instr& instr = decoder.emit(run);
  instr.d = d; instr.a = a;
}
struct Brev {
  template <class T> T operator()(T a) const {
    T out = 0;
    for (uint32_t i = 0; i < sizeof(T) * 8; i++) out |= T(a >> i & 1) << (sizeof(T) * 8 - 1 - i);
    return out;
  }
};
void fieldMask(Warp& warp, const Instr& instr, uint32_t mask) {
  const bool wraps = instr.kind;
  each(warp, mask, warp.slot<uint32_t>(instr.d), [wraps](uint32_t from, uint32_t length) {
    if (wraps) { from &= 31; length &= 31; }
    if (from > 31) return 0u;
    return (length > 31 ? ~0u : (1u << length) - 1) << from;
  }, warp.slot<uint32_t>(instr.a), warp.slot<uint32_t>(instr.b));
}
bool is64(Decoder& decoder) { return bytesOf(decoder.type()) == 8; }
}  // namespace

extern const OpTable bitOps = {
    {"and", decodeLogic<And>},
    {"or", decodeLogic<Or>},
    {"xor", decodeLogic<Xor>},
    {"not", decodeNot},
    {"cnot", [](Decoder& d) { d.emitSame(pickBits1<Cnot>(d.type()), d.type()); }},
    {"shl", [](Decoder& d) { decodeShift(d, pickInteger<Shift<Shl>::Of>(d.type())); }},
    {"shr", [](Decoder& d) { decodeShift(d, isSigned(d.type()) ? pickInteger<Shift<Shr>::Of>(d.type()) : pickInteger<Shift<ShrLogical>::Of>(d.type())); }},
    {"shf", [](Decoder& d) { d.emitSame(d.has("l") ? pickFunnel<true>(d.has("wrap")) : pickFunnel<false>(d.has("wrap")), Ty::b32); }},
    {"lop3", decodeLop3},
    {"bfe", decodeExtract},
    {"bfi", decodeInsert},
    {"prmt", decodePermute},
    {"popc", [](Decoder& d) { decodeCount(d, is64(d) ? count<uint64_t, Popc> : count<uint32_t, Popc>); }},
    {"clz", [](Decoder& d) { decodeCount(d, is64(d) ? count<uint64_t, Clz> : count<uint32_t, Clz>); }},
    {"bfind", [](Decoder& d) { decodeCount(d, d.has("shiftamt") ? pickFind<true>(d.type()) : pickFind<false>(d.type())); }},
    {"brev", [](Decoder& d) { d.emitSame(is64(d) ? unary<uint64_t, Brev> : unary<uint32_t, Brev>, d.type()); }},
    {"bmsk", [](Decoder& d) { d.emitSame(fieldMask, Ty::b32).kind = d.has("wrap"); }},
};
