// compare: setp, set, selp, slct
#include "float.h"

namespace {
enum Compare : uint8_t { eq, ne, lt, le, gt, ge, equ, neu, ltu, leu, gtu, geu, num, nan };
const std::initializer_list<std::string_view> names = {"eq", "ne", "lt", "le", "gt", "ge", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan"};

// Ordered comparisons of NaN are false, those with `u` true. C++ gives that for all but `ne`.
template <uint8_t how, class T> bool holds(T a, T b) {
  const bool isNan = a != a || b != b;
  switch (how) {
    case eq: return a == b;
    case ne: return a != b && !isNan;
    case lt: return a < b;
    case le: return a <= b;
    case gt: return a > b;
    case ge: return a >= b;
    case equ: return a == b || isNan;
    case neu: return a != b;
    case ltu: return !(a >= b);
    case leu: return !(a > b);
    case gtu: return !(a <= b);
    case geu: return !(a < b);
    case num: return !isNan;
    default: return isNan;
  }
}
struct F16 { uint16_t bits; float value() const { return halfToFloat(bits); } };
struct Bf16 { uint16_t bits; float value() const { return bfloatToFloat(bits); } };
template <class T> T valueOf(T v) { return v; }
float valueOf(F16 v) { return v.value(); }
float valueOf(Bf16 v) { return v.value(); }
struct Ftz { float value; };
float valueOf(Ftz v) { return flush(v.value); }

template <class T, uint8_t how> uint32_t compared(Warp& warp, const Instr& instr) {
  return bitsOf([](T a, T b) { return holds<how>(valueOf(a), valueOf(b)); }, warp.slot<T>(instr.a), warp.slot<T>(instr.b));
}
using Comparison = uint32_t (*)(Warp&, const Instr&);
template <class T> Comparison pickHow(uint8_t how) {
  static const Comparison all[] = {compared<T, 0>, compared<T, 1>, compared<T, 2>, compared<T, 3>, compared<T, 4>, compared<T, 5>, compared<T, 6>,
                                   compared<T, 7>, compared<T, 8>, compared<T, 9>, compared<T, 10>, compared<T, 11>, compared<T, 12>, compared<T, 13>};
  return all[how];
}
template <class T, uint8_t how> void setpPlain(Warp& warp, const Instr& instr, uint32_t mask) {
  uint32_t& d = warp.predicate(instr.d);
  d = blend(mask, compared<T, how>(warp, instr), d);
}
template <class T> Handler pickPlain(uint8_t how) {
  static const Handler all[] = {setpPlain<T, 0>, setpPlain<T, 1>, setpPlain<T, 2>, setpPlain<T, 3>, setpPlain<T, 4>, setpPlain<T, 5>, setpPlain<T, 6>,
                                setpPlain<T, 7>, setpPlain<T, 8>, setpPlain<T, 9>, setpPlain<T, 10>, setpPlain<T, 11>, setpPlain<T, 12>, setpPlain<T, 13>};
  return all[how];
}
template <template <class> class Pick, class R> R byType(Ty type, bool ftz, uint8_t how) {
  switch (type) {
    case Ty::b16: case Ty::u16: return Pick<uint16_t>::get(how);
    case Ty::s16: return Pick<int16_t>::get(how);
    case Ty::b32: case Ty::u32: return Pick<uint32_t>::get(how);
    case Ty::s32: return Pick<int32_t>::get(how);
    case Ty::b64: case Ty::u64: return Pick<uint64_t>::get(how);
    case Ty::s64: return Pick<int64_t>::get(how);
    case Ty::f32: return ftz ? Pick<Ftz>::get(how) : Pick<float>::get(how);
    case Ty::f64: return Pick<double>::get(how);
    case Ty::f16: return Pick<F16>::get(how);
    case Ty::bf16: return Pick<Bf16>::get(how);
    default: return nullptr;
  }
}
template <class T> struct Plain { static Handler get(uint8_t how) { return pickPlain<T>(how); } };
template <class T> struct Raw { static Comparison get(uint8_t how) { return pickHow<T>(how); } };

// lo, ls, hi, hs are the names for unsigned numbers
int howOf(Decoder& decoder) {
  const int unsignedHow = decoder.which({"lo", "ls", "hi", "hs"});
  if (unsignedHow >= 0) return lt + unsignedHow;
  return decoder.which(names);
}

// p|q = compare (bool) c: the comparison is kept in `imm`, the operator in kind, the flip of c in size
enum Join : uint8_t { none, joinAnd, joinOr, joinXor };
uint32_t join(uint8_t how, uint32_t a, uint32_t b) {
  return how == joinAnd ? a & b : how == joinOr ? a | b : how == joinXor ? a ^ b : a;
}
void setpJoined(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t bits = reinterpret_cast<Comparison>(instr.imm)(warp, instr);
  const uint32_t c = warp.predicate(instr.c) ^ (instr.size ? allLanes : 0);
  uint32_t &p = warp.predicate(instr.d), &q = warp.predicate(instr.more);
  p = blend(mask, join(instr.kind, bits, c), p);
  if (instr.more) q = blend(mask, join(instr.kind, ~bits, c), q);
}
void decodeSetp(Decoder& decoder) {
  const Ty type = decoder.type();
  const int how = howOf(decoder);
  if (how < 0 || (how >= equ && !isFloat(type))) decoder.unsupported();
  if (isPacked(type)) decoder.unsupported();
  const Operand& target = decoder.operand(0);
  const bool isPair = target.kind == Operand::Pair;
  uint32_t ignored, flip = 0;
  const uint32_t d = decoder.predicate(isPair ? target.items[0] : target, ignored),
                 q = isPair ? decoder.predicate(target.items[1], ignored) : 0, a = decoder.source(1, type), b = decoder.source(2, type);
  const int joined = decoder.which({"and", "or", "xor"});
  if (joined >= 0 && decoder.operandCount() < 4) decoder.unsupported();
  const uint32_t c = joined >= 0 ? decoder.predicate(decoder.operand(3), flip) : 0;
  const bool ftz = decoder.has("ftz");
  Instr& instr = decoder.emit(isPair || joined >= 0 ? setpJoined : byType<Plain, Handler>(type, ftz, how));
  if (!instr.run) decoder.unsupported();
  instr.d = d; instr.a = a; instr.b = b; instr.c = c; instr.more = q;
  instr.imm = (int64_t)byType<Raw, Comparison>(type, ftz, how);
  instr.kind = joined + 1;
  instr.size = flip != 0;
}

// set: all ones or 1.0 where the comparison holds
void set(Warp& warp, const Instr& instr, uint32_t mask) {
  uint32_t bits = reinterpret_cast<Comparison>(instr.imm)(warp, instr);
  if (instr.kind) bits = join(instr.kind, bits, warp.predicate(instr.c) ^ (instr.count ? allLanes : 0));
  const uint32_t yes = instr.size ? 0x3f800000u : ~0u;
  uint32_t* d = warp.slot<uint32_t>(instr.d);
  for (uint32_t lane = 0; lane < lanes; lane++)
    if (mask >> lane & 1) d[lane] = bits >> lane & 1 ? yes : 0;
}
void decodeSet(Decoder& decoder) {
  const Ty type = decoder.type(), result = decoder.type(1);
  const int how = howOf(decoder), joined = decoder.which({"and", "or", "xor"});
  if (how < 0 || bytesOf(result) != 4 || isPacked(type)) decoder.unsupported();
  uint32_t flip = 0;
  const uint32_t d = decoder.destination(0, result), a = decoder.source(1, type), b = decoder.source(2, type),
                 c = joined >= 0 ? decoder.predicate(decoder.operand(3), flip) : 0;
  Instr& instr = decoder.emit(set);
  instr.d = d; instr.a = a; instr.b = b; instr.c = c;
  instr.imm = (int64_t)byType<Raw, Comparison>(type, decoder.has("ftz"), how);
  if (!instr.imm) decoder.unsupported();
  instr.kind = joined + 1;
  instr.size = result == Ty::f32;
  instr.count = flip != 0;
}

template <class T> void select(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t p = warp.predicate(instr.c) ^ uint32_t(instr.imm);
  T* d = warp.slot<T>(instr.d);
  const T *a = warp.slot<T>(instr.a), *b = warp.slot<T>(instr.b);
  if (isWhole(warp, mask)) {
#pragma GCC ivdep
    for (uint32_t lane = 0; lane < lanes; lane++) d[lane] = p >> lane & 1 ? a[lane] : b[lane];
  } else {
#pragma GCC ivdep
    for (uint32_t lane = 0; lane < lanes; lane++) d[lane] = mask >> lane & 1 ? (p >> lane & 1 ? a[lane] : b[lane]) : d[lane];
  }
}
void decodeSelp(Decoder& decoder) {
  const Ty type = decoder.type();
  uint32_t flip;
  const uint32_t d = decoder.destination(0, type), a = decoder.source(1, type), b = decoder.source(2, type),
                 c = decoder.predicate(decoder.operand(3), flip);
  const uint32_t bytes = bytesOf(type);
  Instr& instr = decoder.emit(bytes == 2 ? select<uint16_t> : bytes == 8 ? select<uint64_t> : select<uint32_t>);
  instr.d = d; instr.a = a; instr.b = b; instr.c = c; instr.imm = flip;
}

template <class T, class C> void bySign(Warp& warp, const Instr& instr, uint32_t mask) {
  each(warp, mask, warp.slot<T>(instr.d), [](T a, T b, C c) { return c >= 0 ? a : b; }, warp.slot<T>(instr.a), warp.slot<T>(instr.b), warp.slot<C>(instr.c));
}
void decodeSlct(Decoder& decoder) {
  const Ty by = decoder.type(), type = decoder.type(1);
  const uint32_t d = decoder.destination(0, type), a = decoder.source(1, type), b = decoder.source(2, type), c = decoder.source(3, by);
  const bool wide = bytesOf(type) == 8, isF = by == Ty::f32;
  Instr& instr = decoder.emit(wide ? (isF ? bySign<uint64_t, float> : bySign<uint64_t, int32_t>) : (isF ? bySign<uint32_t, float> : bySign<uint32_t, int32_t>));
  instr.d = d; instr.a = a; instr.b = b; instr.c = c;
}
}  // namespace

extern const OpTable compareOps = {{"setp", decodeSetp}, {"set", decodeSet}, {"selp", decodeSelp}, {"slct", decodeSlct}};
