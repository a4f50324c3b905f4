// matrix: mma.sync, ldmatrix, stmatrix
//
// A register of 32 bits holds 4, 2 or 1 elements of a row of A or a column of B; lanes are groups of four. All shapes
// m16n8 have their elements in the same order, for each width.
#include "../machine/access.h"
#include "../machine/flow.h"
#include "float.h"
#include "memory.h"

namespace {
enum Element : uint8_t { f16, bf16, tf32, s8, u8 };

template <Element E> struct Of;
template <> struct Of<f16> { static constexpr uint32_t per = 2; using T = float; static T get(uint32_t r, uint32_t h) { return halfToFloat(r >> (16 * h)); } };
template <> struct Of<bf16> { static constexpr uint32_t per = 2; using T = float; static T get(uint32_t r, uint32_t h) { return bfloatToFloat(r >> (16 * h)); } };
template <> struct Of<tf32> { static constexpr uint32_t per = 1; using T = float; static T get(uint32_t r, uint32_t) { return tf32ToFloat(r); } };
template <> struct Of<s8> { static constexpr uint32_t per = 4; using T = int32_t; static T get(uint32_t r, uint32_t h) { return int8_t(r >> (8 * h)); } };
template <> struct Of<u8> { static constexpr uint32_t per = 4; using T = int32_t; static T get(uint32_t r, uint32_t h) { return uint8_t(r >> (8 * h)); } };

inline float multiplyAdd(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline int32_t multiplyAdd(int32_t a, int32_t b, int32_t c) { return int32_t(uint32_t(a) * uint32_t(b) + uint32_t(c)); }

// slots in `more`: d, a, b, c; size: k; count: registers of d, 2 where results are pairs of f16
template <Element A, Element B> void multiply(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!wholeWarp(warp, instr, mask)) return;
  using T = typename Of<A>::T;
  constexpr uint32_t per = Of<A>::per, width = 4 * per;
  const uint32_t k = instr.size, blocks = k / width, results = instr.count;
  const uint32_t *slots = &warp.block->kernel->more[instr.more], *sa = slots + results, *sb = sa + 2 * blocks, *sc = sb + blocks;
  alignas(64) T a[16][32], b[32][8], d[16][8];
  for (uint32_t r = 0; r < 2 * blocks; r++)
    for (uint32_t lane = 0; lane < lanes; lane++) {
      const uint32_t value = warp.slot<uint32_t>(sa[r])[lane];
      for (uint32_t h = 0; h < per; h++) a[(lane >> 2) + 8 * (r & 1)][(r >> 1) * width + (lane & 3) * per + h] = Of<A>::get(value, h);
    }
  for (uint32_t r = 0; r < blocks; r++)
    for (uint32_t lane = 0; lane < lanes; lane++) {
      const uint32_t value = warp.slot<uint32_t>(sb[r])[lane];
      for (uint32_t h = 0; h < per; h++) b[r * width + (lane & 3) * per + h][lane >> 2] = Of<B>::get(value, h);
    }
  for (uint32_t lane = 0; lane < lanes; lane++)
    for (uint32_t r = 0; r < 4; r++) {
      T& to = d[(lane >> 2) + 8 * (r >> 1)][(lane & 3) * 2 + (r & 1)];
      if (results == 4) memcpy(&to, warp.slot<uint32_t>(sc[r]) + lane, 4);
      else to = T(halfToFloat(warp.slot<uint32_t>(sc[r >> 1])[lane] >> (16 * (r & 1))));
    }
  for (uint32_t i = 0; i < 16; i++)
    for (uint32_t l = 0; l < k; l++)
      for (uint32_t j = 0; j < 8; j++) d[i][j] = multiplyAdd(a[i][l], b[l][j], d[i][j]);
  for (uint32_t lane = 0; lane < lanes; lane++)
    for (uint32_t r = 0; r < 4; r++) {
      const T from = d[(lane >> 2) + 8 * (r >> 1)][(lane & 3) * 2 + (r & 1)];
      if (results == 4) memcpy(warp.slot<uint32_t>(slots[r]) + lane, &from, 4);
      else warp.slot<uint16_t>(slots[r >> 1])[2 * lane + (r & 1)] = floatToHalf(float(from));
    }
}

struct Shape { std::string_view name; uint32_t k; };
const Shape shapes[] = {{"m16n8k4", 4}, {"m16n8k8", 8}, {"m16n8k16", 16}, {"m16n8k32", 32}};
struct MmaRow { std::string_view a, b; uint32_t per; Handler run; };
const MmaRow mmaRows[] = {
    {"f16", "f16", 2, multiply<f16, f16>}, {"bf16", "bf16", 2, multiply<bf16, bf16>}, {"tf32", "tf32", 1, multiply<tf32, tf32>},
    {"s8", "s8", 4, multiply<s8, s8>},     {"s8", "u8", 4, multiply<s8, u8>},         {"u8", "s8", 4, multiply<u8, s8>},
    {"u8", "u8", 4, multiply<u8, u8>},
};

// mma.sync.aligned.shape.row.col[.satfinite].d.a.b.c
void decodeMma(Decoder& decoder) {
  const auto& parts = decoder.instruction().parts;
  uint32_t k = 0;
  for (const Shape& shape : shapes) if (decoder.has(shape.name)) k = shape.k;
  if (k == 0 || parts.size() < 8 || !decoder.has("row") || !decoder.has("col") || decoder.has("satfinite")) decoder.unsupported();
  const std::string_view d = parts[parts.size() - 4], a = parts[parts.size() - 3], b = parts[parts.size() - 2], c = parts.back();
  const MmaRow* row = nullptr;
  for (const MmaRow& each : mmaRows) if (each.a == a && each.b == b) row = &each;
  const bool isWhole = row && row->per == 4;
  const bool isHalf = d == "f16";
  if (!row || d != c || (isWhole ? d != "s32" : d != "f32" && !(isHalf && a == "f16"))) decoder.unsupported();
  const uint32_t blocks = k / (4 * row->per);
  if (blocks < 1 || blocks > 2) decoder.unsupported();
  const uint32_t results = isHalf ? 2 : 4, counts[] = {results, 2 * blocks, blocks, results};
  std::vector<uint32_t> slots;
  for (size_t o = 0; o < 4; o++) {
    const Operand& operand = decoder.operand(o);
    const size_t count = operand.kind == Operand::Vector ? operand.items.size() : 1;
    if (count != counts[o]) decoder.fail("operand " + std::to_string(o) + " of '" + std::string(decoder.instruction().opcode) + "' has " + std::to_string(count) + " registers, not " + std::to_string(counts[o]));
    for (size_t i = 0; i < count; i++) {
      const Operand& item = operand.kind == Operand::Vector ? operand.items[i] : operand;
      slots.push_back(o == 0 ? decoder.destination(item, Ty::b32) : decoder.source(item, Ty::b32));
    }
  }
  const uint32_t more = decoder.addMore(slots);
  Instr& instr = decoder.emit(row->run, true);
  instr.more = more; instr.size = k; instr.count = results;
}

// Matrices of 8×8 halves: eight lanes each give the address of a row.
template <bool isLoad> void matrices(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!wholeWarp(warp, instr, mask)) return;
  const uint32_t count = instr.count, rows = count == 4 ? allLanes : (1u << (8 * count)) - 1;
  Access access;
  resolve(warp, instr, rows, 16, isLoad ? Does::reads : Does::writes, access);
  const uint32_t* slots = &warp.block->kernel->more[instr.more];
  const bool isTransposed = instr.size;
  for (uint32_t m = 0; m < count; m++) {
    uint32_t* reg = warp.slot<uint32_t>(slots[m]);
    for (uint32_t lane = 0; lane < lanes; lane++)
      for (uint32_t h = 0; h < 2; h++) {
        const uint32_t far = lane >> 2, near = (lane & 3) * 2 + h;
        const uint32_t row = isTransposed ? near : far, column = isTransposed ? far : near;
        auto* element = reinterpret_cast<uint16_t*>(access.at[m * 8 + row]) + column;
        auto* half = reinterpret_cast<uint16_t*>(reg + lane) + h;
        if (isLoad) *half = *element; else *element = *half;
      }
  }
}
void decodeMatrices(Decoder& decoder, bool isLoad) {
  const int count = decoder.which({"x1", "x2", "x4"});
  if (count < 0 || !decoder.has("m8n8") || decoder.type() != Ty::b16) decoder.unsupported();
  const uint32_t n = 1 << count;
  const Operand &value = decoder.operand(isLoad ? 0 : 1), &address = decoder.operand(isLoad ? 1 : 0);
  const size_t held = value.kind == Operand::Vector ? value.items.size() : 1;
  if (held != n) decoder.fail("'" + std::string(decoder.instruction().opcode) + "' needs " + std::to_string(n) + " registers");
  std::vector<uint32_t> slots;
  for (uint32_t i = 0; i < n; i++) {
    const Operand& item = value.kind == Operand::Vector ? value.items[i] : value;
    slots.push_back(isLoad ? decoder.destination(item, Ty::b32) : decoder.source(item, Ty::b32));
  }
  const Decoder::Place place = decoder.place(address, spaceOfOpcode(decoder));
  const uint32_t more = decoder.addMore(slots);
  Instr& instr = decoder.emit(isLoad ? matrices<true> : matrices<false>, true);
  setPlace(decoder, instr, place, 16);
  instr.more = more; instr.count = n; instr.size = decoder.has("trans");
}
}  // namespace

extern const OpTable matrixOps = {
    {"mma", decodeMma},
    {"ldmatrix", [](Decoder& d) { decodeMatrices(d, true); }},
    {"stmatrix", [](Decoder& d) { decodeMatrices(d, false); }},
};
