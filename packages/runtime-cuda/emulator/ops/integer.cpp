// integer: add, sub, mul, mad, div, rem, abs, neg, min, max, sad, carries, dot products of bytes
#include <type_traits>
#include "lanes.h"

namespace {
struct Add { template <class T> T operator()(T a, T b) const { return a + b; } };
struct Sub { template <class T> T operator()(T a, T b) const { return a - b; } };
struct Mul { template <class T> T operator()(T a, T b) const { return T(uint64_t(a) * uint64_t(b)); } };
struct Mad { template <class T> T operator()(T a, T b, T c) const { return T(uint64_t(a) * uint64_t(b) + uint64_t(c)); } };
struct Min { template <class T> T operator()(T a, T b) const { return a < b ? a : b; } };
struct Max { template <class T> T operator()(T a, T b) const { return a > b ? a : b; } };
struct Abs { template <class T> T operator()(T a) const { return a < 0 ? T(-a) : a; } };
struct Neg { template <class T> T operator()(T a) const { return T(-a); } };
struct Sad { template <class T> T operator()(T a, T b, T c) const { return T(c + (a < b ? b - a : a - b)); } };

// Division by zero gives all ones, as on the device; the least number by -1 wraps.
struct Div {
  template <class T> T operator()(T a, T b) const {
    if (b == 0) return T(-1);
    if (std::is_signed_v<T> && b == T(-1)) return T(0 - uint64_t(a));
    return a / b;
  }
};
struct Rem {
  template <class T> T operator()(T a, T b) const {
    if (b == 0) return a;
    if (std::is_signed_v<T> && b == T(-1)) return 0;
    return a % b;
  }
};

template <class T> T mulHigh(T a, T b) {
  if constexpr (sizeof(T) == 8) {
    using Wide = std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>;
    return T((Wide(a) * Wide(b)) >> 64);
  } else {
    using Wide = std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>;
    return T((Wide(a) * Wide(b)) >> (sizeof(T) * 8));
  }
}
struct MulHi { template <class T> T operator()(T a, T b) const { return mulHigh(a, b); } };
struct MadHi { template <class T> T operator()(T a, T b, T c) const { return T(mulHigh(a, b) + c); } };

struct AddSat {
  int32_t operator()(int32_t a, int32_t b) const {
    const int64_t sum = int64_t(a) + b;
    return sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : int32_t(sum);
  }
};
struct SubSat {
  int32_t operator()(int32_t a, int32_t b) const {
    const int64_t sum = int64_t(a) - b;
    return sum > INT32_MAX ? INT32_MAX : sum < INT32_MIN ? INT32_MIN : int32_t(sum);
  }
};

template <class N> using WideOf =
    std::conditional_t<sizeof(N) == 2, std::conditional_t<std::is_signed_v<N>, int32_t, uint32_t>,
                       std::conditional_t<std::is_signed_v<N>, int64_t, uint64_t>>;

template <class N> void mulWide(Warp& warp, const Instr& instr, uint32_t mask) {
  using W = WideOf<N>;
  each(warp, mask, warp.slot<W>(instr.d), [](N a, N b) { return W(W(a) * W(b)); }, warp.slot<N>(instr.a), warp.slot<N>(instr.b));
}
template <class N> void madWide(Warp& warp, const Instr& instr, uint32_t mask) {
  using W = WideOf<N>;
  each(warp, mask, warp.slot<W>(instr.d), [](N a, N b, W c) { return W(W(a) * W(b) + c); }, warp.slot<N>(instr.a),
       warp.slot<N>(instr.b), warp.slot<W>(instr.c));
}

struct Mul24 { template <class T> T operator()(T a, T b) const { return T(T(uint32_t(a) << 8) >> 8) * T(T(uint32_t(b) << 8) >> 8); } };
struct Mad24 { template <class T> T operator()(T a, T b, T c) const { return Mul24{}(a, b) + c; } };

template <class F> Handler binaryOf(Ty type) { return pickInteger<Binary<F>::template Of>(type); }
template <class F> Handler ternaryOf(Ty type) { return pickInteger<Ternary<F>::template Of>(type); }
template <class F> Handler unaryOf(Ty type) { return pickInteger<Unary<F>::template Of>(type); }

// Carries live in one hidden predicate a thread, as in hardware.
template <class T, bool isSub> void withCarry(Warp& warp, const Instr& instr, uint32_t mask) {
  uint32_t carry = warp.predicate(instr.c), out = 0;
  T* d = warp.slot<T>(instr.d);
  const T *a = warp.slot<T>(instr.a), *b = warp.slot<T>(instr.b);
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const unsigned __int128 in = instr.kind ? carry >> lane & 1 : 0;
    const unsigned __int128 sum = isSub ? (unsigned __int128)a[lane] - b[lane] - in : (unsigned __int128)a[lane] + b[lane] + in;
    d[lane] = T(sum);
    out |= uint32_t(sum >> (sizeof(T) * 8) & 1) << lane;
  }
  if (instr.size) warp.predicate(instr.c) = blend(mask, out, carry);
}

void decodeCarry(Decoder& decoder, bool isSub, bool takes) {
  const Ty type = decoder.type();
  const bool is64 = bytesOf(type) == 8;
  const Handler run = isSub ? (is64 ? withCarry<uint64_t, true> : withCarry<uint32_t, true>)
                            : (is64 ? withCarry<uint64_t, false> : withCarry<uint32_t, false>);
  Instr& instr = decoder.emitSame(run, type);
  instr.c = decoder.carrySlot();
  instr.kind = takes;
  instr.size = decoder.has("cc");
}

// mad.lo.cc, madc.hi: a product into a temporary, then a sum with carry
void decodeMadCarry(Decoder& decoder, bool takes) {
  const Ty type = decoder.type();
  const bool is64 = bytesOf(type) == 8;
  const uint32_t d = decoder.destination(0, type), a = decoder.source(1, type), b = decoder.source(2, type),
                 c = decoder.source(3, type), product = decoder.temporary(bytesOf(type));
  Instr& mul = decoder.emit(decoder.has("hi") ? binaryOf<MulHi>(type) : binaryOf<Mul>(type));
  mul.d = product; mul.a = a; mul.b = b;
  Instr& add = decoder.emit(is64 ? withCarry<uint64_t, false> : withCarry<uint32_t, false>);
  add.d = d; add.a = product; add.b = c;
  add.c = decoder.carrySlot();
  add.kind = takes;
  add.size = decoder.has("cc");
}

void decodeWide(Decoder& decoder, bool isMad) {
  const Ty narrow = decoder.type();
  const Ty wide = bytesOf(narrow) == 2 ? Ty::b32 : Ty::b64;
  Handler run = nullptr;
  if (narrow == Ty::u16) run = isMad ? madWide<uint16_t> : mulWide<uint16_t>;
  if (narrow == Ty::s16) run = isMad ? madWide<int16_t> : mulWide<int16_t>;
  if (narrow == Ty::u32) run = isMad ? madWide<uint32_t> : mulWide<uint32_t>;
  if (narrow == Ty::s32) run = isMad ? madWide<int32_t> : mulWide<int32_t>;
  if (!run) decoder.unsupported();
  const uint32_t d = decoder.destination(0, wide), a = decoder.source(1, narrow), b = decoder.source(2, narrow),
                 c = isMad ? decoder.source(3, wide) : 0;
  Instr& instr = decoder.emit(run);
  instr.d = d; instr.a = a; instr.b = b; instr.c = c;
}

// d = c + the products of the four bytes of a and b; the signs of a and b are those of the two types
template <class A, class B> void dp4a(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<uint32_t>(instr.d), [](uint32_t a, uint32_t b, uint32_t c) {
    for (int i = 0; i < 4; i++) c += uint32_t(int32_t(A(a >> (8 * i))) * int32_t(B(b >> (8 * i))));
    return c;
  }, warp.slot<uint32_t>(instr.a), warp.slot<uint32_t>(instr.b), warp.slot<uint32_t>(instr.c));
}
template <class A, class B, int half> void dp2a(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<uint32_t>(instr.d), [](uint32_t a, uint32_t b, uint32_t c) {
    for (int i = 0; i < 2; i++) c += uint32_t(int32_t(A(a >> (16 * i))) * int32_t(B(b >> (8 * i + 16 * half))));
    return c;
  }, warp.slot<uint32_t>(instr.a), warp.slot<uint32_t>(instr.b), warp.slot<uint32_t>(instr.c));
}
void decodeDp4a(Decoder& decoder) {
  const bool a = isSigned(decoder.type(1)), b = isSigned(decoder.type(0));
  decoder.emitSame(a ? (b ? dp4a<int8_t, int8_t> : dp4a<int8_t, uint8_t>) : (b ? dp4a<uint8_t, int8_t> : dp4a<uint8_t, uint8_t>), Ty::b32);
}
template <int half> Handler pickDp2a(bool a, bool b) {
  return a ? (b ? dp2a<int16_t, int8_t, half> : dp2a<int16_t, uint8_t, half>)
           : (b ? dp2a<uint16_t, int8_t, half> : dp2a<uint16_t, uint8_t, half>);
}
void decodeDp2a(Decoder& decoder) {
  const bool a = isSigned(decoder.type(1)), b = isSigned(decoder.type(0));
  decoder.emitSame(decoder.has("hi") ? pickDp2a<1>(a, b) : pickDp2a<0>(a, b), Ty::b32);
}
}  // namespace

bool decodeInteger(Decoder& decoder) {
  const std::string_view name = decoder.instruction().parts[0];
  const Ty type = decoder.type();
  const bool saturates = decoder.has("sat"), isHigh = decoder.has("hi");
  if (saturates && type != Ty::s32) decoder.unsupported();
  if (decoder.has("cc") && (name == "add" || name == "sub")) return decodeCarry(decoder, name == "sub", false), true;
  if (name == "mad" && decoder.has("cc")) return decodeMadCarry(decoder, false), true;
  if (decoder.has("wide")) return decodeWide(decoder, name == "mad"), true;
  Handler run = nullptr;
  if (name == "add") run = saturates ? binary<int32_t, AddSat> : binaryOf<Add>(type);
  else if (name == "sub") run = saturates ? binary<int32_t, SubSat> : binaryOf<Sub>(type);
  else if (name == "mul") run = isHigh ? binaryOf<MulHi>(type) : binaryOf<Mul>(type);
  else if (name == "mad") run = isHigh ? ternaryOf<MadHi>(type) : ternaryOf<Mad>(type);
  else if (name == "div") run = binaryOf<Div>(type);
  else if (name == "min") run = binaryOf<Min>(type);
  else if (name == "max") run = binaryOf<Max>(type);
  else if (name == "abs") run = unaryOf<Abs>(type);
  else if (name == "neg") run = unaryOf<Neg>(type);
  if (run) decoder.emitSame(run, type);
  return run != nullptr;
}

extern const OpTable integerOps = {
    {"rem", [](Decoder& d) { d.emitSame(binaryOf<Rem>(d.type()), d.type()); }},
    {"sad", [](Decoder& d) { d.emitSame(ternaryOf<Sad>(d.type()), d.type()); }},
    {"mul24", [](Decoder& d) { d.emitSame(isSigned(d.type()) ? binary<int32_t, Mul24> : binary<uint32_t, Mul24>, Ty::b32); }},
    {"mad24", [](Decoder& d) { d.emitSame(isSigned(d.type()) ? ternary<int32_t, Mad24> : ternary<uint32_t, Mad24>, Ty::b32); }},
    {"addc", [](Decoder& d) { decodeCarry(d, false, true); }},
    {"subc", [](Decoder& d) { decodeCarry(d, true, true); }},
    {"madc", [](Decoder& d) { decodeMadCarry(d, true); }},
    {"dp4a", decodeDp4a},
    {"dp2a", decodeDp2a},
};
