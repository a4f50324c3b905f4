// shared: bounds and alignment, all lanes at once
#include "shared.h"
#include "races.h"

namespace {
template <class A> void gatherOffsets(const A* from, uint32_t offset, uint32_t mask, uint32_t* at) {
  for (uint32_t lane = 0; lane < lanes; lane++) at[lane] = uint32_t(from[lane]) + offset;
  if (mask == allLanes) return;
  const uint32_t first = at[firstLane(mask)];
  for (uint32_t lane = 0; lane < lanes; lane++) at[lane] = mask >> lane & 1 ? at[lane] : first;
}
}  // namespace

void resolveShared(Warp& warp, const Instr& instr, uint32_t mask, uint32_t bytes, Does does, SharedAccess& access) {
  Block& block = *warp.block;
  uint32_t* at = access.at;
  if (instr.kind & wideAddress) gatherOffsets(warp.slot<uint64_t>(instr.a), uint32_t(instr.imm), mask, at);
  else gatherOffsets(warp.slot<uint32_t>(instr.a), uint32_t(instr.imm), mask, at);
  const uint32_t first = at[0];
  uint32_t differs = 0, strays = 0, all = 0, high = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    differs |= at[lane] ^ first;
    strays |= at[lane] ^ (first + lane * bytes);
    all |= at[lane];
    high = at[lane] > high ? at[lane] : high;
  }
  access.isUniform = differs == 0;
  access.isContiguous = strays == 0 && mask == allLanes;
  if ((all & (bytes - 1)) != 0 || uint64_t(high) + bytes > block.sharedBytes)
    for (uint32_t lane = 0; lane < lanes; lane++)
      if (mask >> lane & 1) checkWindowOfShared(warp, instr, lane, at[lane], bytes, does);
  if (settings().races) noteShared(warp, instr, mask, access, bytes, does);
}
