// atomic: atom, red
//
// Lanes go one after another; on global memory with the host's own atomics, since blocks run on several threads.
#include "../machine/access.h"
#include "float.h"
#include "handlers.h"
#include "memory.h"

namespace {
struct AAdd { template <class T> T operator()(T old, T b, T) const { return old + b; } };
struct AMin { template <class T> T operator()(T old, T b, T) const { return b < old ? b : old; } };
struct AMax { template <class T> T operator()(T old, T b, T) const { return b > old ? b : old; } };
struct AAnd { template <class T> T operator()(T old, T b, T) const { return old & b; } };
struct AOr { template <class T> T operator()(T old, T b, T) const { return old | b; } };
struct AXor { template <class T> T operator()(T old, T b, T) const { return old ^ b; } };
struct AExch { template <class T> T operator()(T, T b, T) const { return b; } };
struct ACas { template <class T> T operator()(T old, T b, T c) const { return old == b ? c : old; } };
struct AInc { template <class T> T operator()(T old, T b, T) const { return old >= b ? 0 : old + 1; } };
struct ADec { template <class T> T operator()(T old, T b, T) const { return old == 0 || old > b ? b : old - 1; } };

template <class T> struct BitsOf { using type = std::conditional_t<sizeof(T) == 8, uint64_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint16_t>>; };
template <class T> using Bits = typename BitsOf<T>::type;
template <class T, class B> T as(B bits) { T value; memcpy(&value, &bits, sizeof value); return value; }

struct F16Add {
  uint16_t operator()(uint16_t old, uint16_t b, uint16_t) const { return floatToHalf(halfToFloat(old) + halfToFloat(b)); }
};
struct Bf16Add {
  uint16_t operator()(uint16_t old, uint16_t b, uint16_t) const { return floatToBfloat(bfloatToFloat(old) + bfloatToFloat(b)); }
};
template <class One> struct Pair {
  uint32_t operator()(uint32_t old, uint32_t b, uint32_t) const {
    return uint32_t(One{}(uint16_t(old), uint16_t(b), 0)) | uint32_t(One{}(uint16_t(old >> 16), uint16_t(b >> 16), 0)) << 16;
  }
};

template <class T, class F> void atomic(Warp& warp, const Instr& instr, uint32_t mask) {
  Access access;
  resolve(warp, instr, mask, sizeof(T), Does::atomically, access);
  const T *b = warp.slot<T>(instr.b), *c = warp.slot<T>(instr.c);
  T* d = instr.d ? warp.slot<T>(instr.d) : nullptr;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    auto* at = reinterpret_cast<Bits<T>*>(access.at[lane]);
    Bits<T> old = __atomic_load_n(at, __ATOMIC_SEQ_CST);
    while (!__atomic_compare_exchange_n(at, &old, as<Bits<T>>(F{}(as<T>(old), b[lane], c[lane])), true, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {}
    if (d) d[lane] = as<T>(old);
  }
}

template <class F> Handler integers(Ty type) {
  switch (type) {
    case Ty::b32: case Ty::u32: return atomic<uint32_t, F>;
    case Ty::s32: return atomic<int32_t, F>;
    case Ty::b64: case Ty::u64: return atomic<uint64_t, F>;
    case Ty::s64: return atomic<int64_t, F>;
    default: return nullptr;
  }
}
Handler pickAdd(Ty type) {
  switch (type) {
    case Ty::f32: return atomic<float, AAdd>;
    case Ty::f64: return atomic<double, AAdd>;
    case Ty::f16: return atomic<uint16_t, F16Add>;
    case Ty::bf16: return atomic<uint16_t, Bf16Add>;
    case Ty::f16x2: return atomic<uint32_t, Pair<F16Add>>;
    case Ty::bf16x2: return atomic<uint32_t, Pair<Bf16Add>>;
    default: return integers<AAdd>(type);
  }
}
Handler pickBits(Ty type, bool isExchange) {
  if (type == Ty::b16) return isExchange ? atomic<uint16_t, AExch> : atomic<uint16_t, ACas>;
  return isExchange ? integers<AExch>(type) : integers<ACas>(type);
}

struct AtomicRow { std::string_view name; Handler (*pick)(Ty); };
const AtomicRow rows[] = {
    {"add", pickAdd},         {"min", integers<AMin>}, {"max", integers<AMax>},
    {"and", integers<AAnd>},  {"or", integers<AOr>},   {"xor", integers<AXor>},
    {"exch", [](Ty type) { return pickBits(type, true); }}, {"cas", [](Ty type) { return pickBits(type, false); }},
    {"inc", integers<AInc>},  {"dec", integers<ADec>},
};

void decodeAtomic(Decoder& decoder, bool isReduction) {
  const Ty type = decoder.type();
  Handler run = nullptr;
  bool isCas = false;
  for (const AtomicRow& row : rows) if (decoder.has(row.name)) { run = row.pick(type); isCas = row.name == "cas"; }
  if (!run || decoder.has("v2") || decoder.has("v4")) decoder.unsupported();
  const size_t first = isReduction ? 0 : 1;
  const uint32_t d = isReduction || decoder.operand(0).kind == Operand::Sink ? 0 : decoder.destination(0, type);
  const Decoder::Place place = decoder.place(decoder.operand(first), spaceOfOpcode(decoder));
  const uint32_t b = decoder.source(first + 1, type), c = isCas ? decoder.source(first + 2, type) : 0;
  Instr& instr = decoder.emit(run);
  setPlace(decoder, instr, place, bytesOf(type));
  instr.d = d; instr.b = b; instr.c = c;
  decoder.emit(handlePoll);
}
}  // namespace

extern const OpTable atomicOps = {
    {"atom", [](Decoder& d) { decodeAtomic(d, false); }},
    {"red", [](Decoder& d) { decodeAtomic(d, true); }},
};
