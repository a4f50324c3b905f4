// move: mov, packing and taking apart, addresses between spaces
#include "../machine/special.h"
#include "handlers.h"
#include "lanes.h"

void handleClock32(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t now = uint32_t(readClock());
  each(warp, mask, warp.slot<uint32_t>(instr.d), [now](uint32_t) { return now; }, warp.slot<uint32_t>(instr.d));
}
void handleClock64(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint64_t now = readClock();
  each(warp, mask, warp.slot<uint64_t>(instr.d), [now](uint64_t) { return now; }, warp.slot<uint64_t>(instr.d));
}

namespace {
struct Same { template <class T> T operator()(T a) const { return a; } };

void movePredicate(Warp& warp, const Instr& instr, uint32_t mask) {
  warp.predicate(instr.d) = blend(mask, warp.predicate(instr.a) ^ uint32_t(instr.imm), warp.predicate(instr.d));
}

// Parts are pieces of `size` bytes of a value of `kind` bytes; the slots of the parts are in `more`.
void pack(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t* parts = &warp.block->kernel->more[instr.more];
  const uint32_t size = instr.size, whole = instr.kind;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    uint8_t value[8];
    for (uint32_t p = 0; p < instr.count; p++) memcpy(value + p * size, warp.registers + parts[p] + lane * size, size);
    memcpy(warp.registers + instr.d + lane * whole, value, whole);
  }
}
void unpack(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t* parts = &warp.block->kernel->more[instr.more];
  const uint32_t size = instr.size, whole = instr.kind;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    uint8_t value[8];
    memcpy(value, warp.registers + instr.a + lane * whole, whole);
    for (uint32_t p = 0; p < instr.count; p++) memcpy(warp.registers + parts[p] + lane * size, value + p * size, size);
  }
}

Ty bitsType(uint32_t bytes) { return bytes == 1 ? Ty::b8 : bytes == 2 ? Ty::b16 : bytes == 4 ? Ty::b32 : Ty::b64; }

void decodeVectorMove(Decoder& decoder, bool packs) {
  const uint32_t whole = bytesOf(decoder.type());
  const auto& items = decoder.operand(packs ? 1 : 0).items;
  const uint32_t size = whole / items.size();
  if (size * items.size() != whole || size < 2) decoder.unsupported();
  std::vector<uint32_t> parts;
  for (const Operand& item : items)
    parts.push_back(packs ? decoder.source(item, bitsType(size)) : decoder.destination(item, bitsType(size)));
  const uint32_t other = packs ? decoder.destination(0, decoder.type()) : decoder.source(1, decoder.type());
  const uint32_t more = decoder.addMore(parts);
  Instr& instr = decoder.emit(packs ? pack : unpack);
  (packs ? instr.d : instr.a) = other;
  instr.more = more;
  instr.count = parts.size();
  instr.size = size;
  instr.kind = whole;
}

void decodeMov(Decoder& decoder) {
  const Ty type = decoder.type();
  if (type == Ty::none || type == Ty::b8) decoder.unsupported();
  if (decoder.operand(0).kind == Operand::Vector) return decodeVectorMove(decoder, false);
  if (decoder.operand(1).kind == Operand::Vector) return decodeVectorMove(decoder, true);
  if (type == Ty::pred) {
    uint32_t ignored, flip;
    const uint32_t d = decoder.predicate(decoder.operand(0), ignored), a = decoder.predicate(decoder.operand(1), flip);
    Instr& instr = decoder.emit(movePredicate);
    instr.d = d; instr.a = a; instr.imm = flip;
    return;
  }
  const uint32_t bytes = bytesOf(type);
  decoder.emitSame(bytes == 2 ? unary<uint16_t, Same> : bytes == 8 ? unary<uint64_t, Same> : unary<uint32_t, Same>, type);
}

// Generic addresses are addresses of the host; those of shared and local memory count from the start of these.
template <bool isTo, bool isLocal> void convertAddress(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint64_t start = isLocal ? (uint64_t)warp.local : (uint64_t)warp.block->shared;
  const uint64_t step = isLocal ? warp.block->kernel->localBytes : 0;
  uint64_t* d = warp.slot<uint64_t>(instr.d);
  const uint64_t* a = warp.slot<uint64_t>(instr.a);
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const uint64_t base = start + lane * step;
    d[lane] = isTo ? a[lane] - base : a[lane] + base;
  }
}
void paramAddress(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint64_t start = (uint64_t)warp.block->launch->params.data();
  each(warp, mask, warp.slot<uint64_t>(instr.d), [start](uint64_t a) { return a + start; }, warp.slot<uint64_t>(instr.a));
}
void decodeCvta(Decoder& decoder) {
  if (decoder.type() != Ty::u64) decoder.unsupported();
  const bool isTo = decoder.has("to");
  const int space = decoder.which({"shared", "shared::cta", "local", "param"});
  Handler run = unary<uint64_t, Same>;
  if (space == 0 || space == 1) run = isTo ? convertAddress<true, false> : convertAddress<false, false>;
  if (space == 2) run = isTo ? convertAddress<true, true> : convertAddress<false, true>;
  if (space == 3 && !isTo) run = paramAddress;
  decoder.emitSame(run, Ty::u64);
}

enum Place : uint8_t { shared, local, global };
void isSpace(Warp& warp, const Instr& instr, uint32_t mask) {
  const Block& block = *warp.block;
  const uint64_t* a = warp.slot<uint64_t>(instr.a);
  uint32_t bits = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    const bool isShared = a[lane] - (uint64_t)block.shared < block.sharedBytes;
    const bool isLocal = a[lane] - (uint64_t)block.local.data() < block.local.size();
    bits |= uint32_t(instr.kind == shared ? isShared : instr.kind == local ? isLocal : !isShared && !isLocal) << lane;
  }
  warp.predicate(instr.d) = blend(mask, bits, warp.predicate(instr.d));
}
void decodeIsSpace(Decoder& decoder) {
  const int space = decoder.which({"shared", "local", "global", "shared::cta"});
  if (space < 0) decoder.unsupported();
  uint32_t ignored;
  const uint32_t d = decoder.predicate(decoder.operand(0), ignored), a = decoder.source(1, Ty::u64);
  Instr& instr = decoder.emit(isSpace);
  instr.d = d; instr.a = a; instr.kind = space == 3 ? shared : space;
}
}  // namespace

extern const OpTable moveOps = {{"mov", decodeMov}, {"cvta", decodeCvta}, {"isspacep", decodeIsSpace}};
