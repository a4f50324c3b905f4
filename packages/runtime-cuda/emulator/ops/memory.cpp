// memory: ld, st, prefetches
#include "../machine/shared.h"
#include "handlers.h"
#include "lanes.h"
#include "memory.h"

namespace {
// T is what memory holds, R what a lane of the register does.
template <class T, class R> void load(Warp& warp, const Instr& instr, uint32_t mask) {
  Access access;
  resolve(warp, instr, mask, sizeof(T) * instr.count, Does::reads, access);
  const uint32_t* slots = &warp.block->kernel->more[instr.more];
  for (uint32_t e = 0; e < instr.count; e++) {
    R* d = warp.slot<R>(slots[e]);
    const uint64_t offset = e * sizeof(T);
    if (isWhole(warp, mask)) {
      if (access.isUniform) {
        const R value = R(*reinterpret_cast<const T*>(access.at[0] + offset));
        for (uint32_t lane = 0; lane < lanes; lane++) d[lane] = value;
      } else {
        for (uint32_t lane = 0; lane < lanes; lane++) d[lane] = R(*reinterpret_cast<const T*>(access.at[lane] + offset));
      }
      continue;
    }
    for (uint32_t lane = 0; lane < lanes; lane++)
      if (mask >> lane & 1) d[lane] = R(*reinterpret_cast<const T*>(access.at[lane] + offset));
  }
}
template <class T, class R> void store(Warp& warp, const Instr& instr, uint32_t mask) {
  Access access;
  resolve(warp, instr, mask, sizeof(T) * instr.count, Does::writes, access);
  const uint32_t* slots = &warp.block->kernel->more[instr.more];
  for (uint32_t e = 0; e < instr.count; e++) {
    const R* s = warp.slot<R>(slots[e]);
    for (uint32_t lane = 0; lane < lanes; lane++)
      if (mask >> lane & 1) *reinterpret_cast<T*>(access.at[lane] + e * sizeof(T)) = T(s[lane]);
  }
}

// The same for shared memory, whose offsets have 32 bits.
template <class T, class R> void loadShared(Warp& warp, const Instr& instr, uint32_t mask) {
  SharedAccess access;
  resolveShared(warp, instr, mask, sizeof(T) * instr.count, Does::reads, access);
  const uint32_t* slots = &warp.block->kernel->more[instr.more];
  for (uint32_t e = 0; e < instr.count; e++) {
    R* d = warp.slot<R>(slots[e]);
    const uint8_t* base = warp.block->shared + e * sizeof(T);
    const auto read = [base](uint32_t at) { T value; memcpy(&value, base + at, sizeof(T)); return R(value); };
    if (!isWhole(warp, mask)) {
      for (uint32_t lane = 0; lane < lanes; lane++) if (mask >> lane & 1) d[lane] = read(access.at[lane]);
    } else if (access.isUniform) {
      const R value = read(access.at[0]);
      for (uint32_t lane = 0; lane < lanes; lane++) d[lane] = value;
    } else if (access.isContiguous && instr.count == 1) {
      for (uint32_t lane = 0; lane < lanes; lane++) d[lane] = read(access.at[0] + lane * sizeof(T));
    } else {
      for (uint32_t lane = 0; lane < lanes; lane++) d[lane] = read(access.at[lane]);
    }
  }
}
template <class T, class R> void storeShared(Warp& warp, const Instr& instr, uint32_t mask) {
  SharedAccess access;
  resolveShared(warp, instr, mask, sizeof(T) * instr.count, Does::writes, access);
  const uint32_t* slots = &warp.block->kernel->more[instr.more];
  for (uint32_t e = 0; e < instr.count; e++) {
    const R* s = warp.slot<R>(slots[e]);
    uint8_t* base = warp.block->shared + e * sizeof(T);
    for (uint32_t lane = 0; lane < lanes; lane++) {
      if (!(mask >> lane & 1)) continue;
      const T value = T(s[lane]);
      memcpy(base + access.at[lane], &value, sizeof(T));
    }
  }
}

template <class T> Handler pickShared(uint32_t bytes, bool isLoad) {
  if (isLoad) return bytes == 2 ? loadShared<T, uint16_t> : bytes == 4 ? loadShared<T, uint32_t> : loadShared<T, uint64_t>;
  return bytes == 2 ? storeShared<T, uint16_t> : bytes == 4 ? storeShared<T, uint32_t> : storeShared<T, uint64_t>;
}
template <class T> Handler pickLoad(uint32_t bytes) {
  return bytes == 2 ? load<T, uint16_t> : bytes == 4 ? load<T, uint32_t> : load<T, uint64_t>;
}
template <class T> Handler pickStore(uint32_t bytes) {
  return bytes == 2 ? store<T, uint16_t> : bytes == 4 ? store<T, uint32_t> : store<T, uint64_t>;
}
template <class T> Handler pick(uint32_t bytes, bool isLoad, bool isShared) {
  return isShared ? pickShared<T>(bytes, isLoad) : isLoad ? pickLoad<T>(bytes) : pickStore<T>(bytes);
}

// A lane of the register may be wider than what memory holds: signs are carried on.
Handler pickAccess(Ty type, uint32_t bytes, bool isLoad, bool isShared) {
  switch (type) {
    case Ty::b8: case Ty::u8: return pick<uint8_t>(bytes, isLoad, isShared);
    case Ty::s8: return pick<int8_t>(bytes, isLoad, isShared);
    case Ty::b16: case Ty::u16: case Ty::f16: case Ty::bf16: return pick<uint16_t>(bytes, isLoad, isShared);
    case Ty::s16: return pick<int16_t>(bytes, isLoad, isShared);
    case Ty::s32: return pick<int32_t>(bytes, isLoad, isShared);
    case Ty::b32: case Ty::u32: case Ty::f32: case Ty::f16x2: case Ty::bf16x2: case Ty::tf32: return pick<uint32_t>(bytes, isLoad, isShared);
    case Ty::b64: case Ty::u64: case Ty::s64: case Ty::f64: return pick<uint64_t>(bytes, isLoad, isShared);
    default: return nullptr;
  }
}
}  // namespace

Space spaceOfOpcode(Decoder& decoder) {
  switch (decoder.which({"global", "shared", "shared::cta", "local", "const", "param", "param::entry", "param::func"})) {
    case 0: return Space::global;
    case 1: case 2: return Space::shared;
    case 3: return Space::local;
    case 4: return Space::constant;
    case 5: case 6: case 7: return Space::param;
    default: return Space::generic;
  }
}

void setPlace(Decoder& decoder, Instr& instr, const Decoder::Place& place, uint32_t bytes) {
  instr.a = place.slot;
  instr.imm = place.offset;
  instr.kind = uint8_t(place.space) | (place.bytes == 8 ? wideAddress : 0);
  instr.site = decoder.nextSite();
  if (place.space == Space::shared || place.space == Space::generic) decoder.noteSharedAccess(bytes);
}

namespace {
void decodeAccess(Decoder& decoder, bool isLoad) {
  const Ty type = decoder.type();
  const Operand &value = decoder.operand(isLoad ? 0 : 1), &address = decoder.operand(isLoad ? 1 : 0);
  const uint32_t count = decoder.has("v2") ? 2 : decoder.has("v4") ? 4 : decoder.has("v8") ? 8 : 1;
  if ((count > 1) != (value.kind == Operand::Vector) || (count > 1 && value.items.size() != count))
    decoder.fail("'" + std::string(decoder.instruction().opcode) + "' needs " + std::to_string(count) + " registers");
  if (count * bytesOf(type) > 32 || (count * bytesOf(type) > 16 && spaceOfOpcode(decoder) != Space::global)) decoder.unsupported();
  std::vector<uint32_t> slots;
  uint32_t bytes = 0;
  for (uint32_t e = 0; e < count; e++) {
    const Operand& item = count > 1 ? value.items[e] : value;
    uint32_t own;
    // An immediate of 8 bits has a slot of 16.
    const Ty held = bytesOf(type) == 1 && item.kind == Operand::Integer ? Ty::b16 : type;
    slots.push_back(isLoad ? decoder.wideDestination(item, type, own) : decoder.wideSource(item, held, own));
    if (e > 0 && own != bytes) decoder.fail("the registers of a vector have different widths");
    bytes = own;
    if (isFloat(type) && own != bytesOf(type)) decoder.fail("'" + std::string(item.name) + "' has not the width of ." + std::string(decoder.instruction().parts.back()));
  }
  const Decoder::Place place = decoder.place(address, spaceOfOpcode(decoder));
  if (!isLoad && (place.space == Space::constant || place.space == Space::param)) decoder.fail("this memory cannot be written");
  const Handler run = pickAccess(type, bytes, isLoad, place.space == Space::shared);
  if (!run) decoder.unsupported();
  const uint32_t more = decoder.addMore(slots);
  Instr& instr = decoder.emit(run);
  setPlace(decoder, instr, place, bytesOf(type));
  instr.more = more;
  instr.count = count;
  if (isLoad && decoder.which({"volatile", "relaxed", "acquire", "mmio"}) >= 0) decoder.emit(handlePoll);
}
// Hints change nothing here.
void nothing(Decoder&) {}
}  // namespace

extern const OpTable memoryOps = {
    {"ld", [](Decoder& d) { decodeAccess(d, true); }},
    {"ldu", [](Decoder& d) { decodeAccess(d, true); }},
    {"st", [](Decoder& d) { decodeAccess(d, false); }},
    {"prefetch", nothing},
    {"prefetchu", nothing},
    {"discard", nothing},
    {"applypriority", nothing},
};
