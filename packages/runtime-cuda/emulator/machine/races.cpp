// races: a stamp per granule of shared memory for the last write and the last read
//
// A stamp is the epoch of the block (a barrier begins a new one), the epoch of the warp (what orders its lanes among
// themselves: shuffles, votes, bar.warp.sync) and who it was. Two accesses of which one writes race when they are of
// different threads in one epoch of the block, unless one warp made both and has been ordered since.
#include "races.h"
#include <algorithm>
#include "products.h"

namespace {
constexpr uint32_t whoBits = 11, warpEpochBits = 9;
constexpr uint32_t whoMask = (1u << whoBits) - 1, lastWarpEpoch = (1u << warpEpochBits) - 1, lastBlockEpoch = (1u << (32 - whoBits - warpEpochBits)) - 1;
// Who: a thread, several lanes of a warp, atomic instructions, or threads of several warps.
constexpr uint32_t firstWarp = 1024, atomics = whoMask - 1, anyone = whoMask;

/** What all lanes of an access have in common. */
struct Now {
  uint32_t blockEpoch, warpEpoch, warp;
  explicit Now(const Warp& of) : blockEpoch(of.block->epoch), warpEpoch(std::min(of.syncEpoch, lastWarpEpoch)), warp(of.index) {}
  uint32_t stamp(uint32_t who) const { return blockEpoch << (whoBits + warpEpochBits) | warpEpoch << whoBits | who; }
  bool isOfBlockEpoch(uint32_t stamp) const { return stamp >> (whoBits + warpEpochBits) == blockEpoch; }
  bool isOfWarpEpoch(uint32_t stamp) const { return (stamp >> whoBits & lastWarpEpoch) == warpEpoch; }
};
uint32_t whoOf(uint32_t stamp) { return stamp & whoMask; }

// Whether an earlier access may be at the same time as one of `self`, a thread of this warp.
bool isUnordered(const Now& now, uint32_t stamp, uint32_t self) {
  const uint32_t who = whoOf(stamp);
  if (!now.isOfBlockEpoch(stamp) || who == self) return false;
  if (who >= atomics) return true;
  const uint32_t warp = who >= firstWarp ? who - firstWarp : who / lanes;
  return warp != now.warp || (now.isOfWarpEpoch(stamp) && now.warpEpoch != lastWarpEpoch);
}

// The stamp of the readers of a granule, once a thread has read it too.
uint32_t withReader(const Now& now, uint32_t stamp, uint32_t self) {
  const uint32_t who = whoOf(stamp), own = now.stamp(self);
  const bool isOfWarp = who / lanes == now.warp || who == firstWarp + now.warp;
  const uint32_t joined = isOfWarp ? (now.isOfWarpEpoch(stamp) ? now.stamp(firstWarp + now.warp) : own) : now.stamp(anyone);
  return !now.isOfBlockEpoch(stamp) || who == self ? own : joined;
}

std::string nameOf(const Warp& warp, uint32_t who) {
  if (who == atomics) return "an atomic instruction";
  if (who == anyone) return "made by threads of several warps";
  if (who >= firstWarp) return "made by threads of warp " + std::to_string(who - firstWarp);
  return "made by " + threadName(warp.block->warps[who / lanes], who % lanes);
}
[[noreturn]] void report(Warp& warp, const Instr& instr, uint32_t lane, const char* what, uint32_t stamp, uint64_t offset, uint32_t bytes) {
  fault(warp, instr, lane, error::launchFailed,
        std::string("race in shared memory: ") + what + " with no barrier between, the first " + nameOf(warp, whoOf(stamp)) + ", address " +
            hex(offset) + " size " + std::to_string(bytes));
}

void touch(Warp& warp, const Instr& instr, uint32_t lane, uint32_t offset, uint32_t bytes, Does does) {
  Block& block = *warp.block;
  const Now now(warp);
  const uint32_t thread = warp.index * lanes + lane, self = does == Does::atomically ? atomics : thread;
  for (uint32_t g = offset / block.kernel->granule; g * block.kernel->granule < offset + bytes; g++) {
    uint32_t &written = block.written[g], &read = block.read[g];
    if (isUnordered(now, written, self)) report(warp, instr, lane, does == Does::reads ? "a read after a write" : "two writes", written, offset, bytes);
    if (does == Does::reads) { read = withReader(now, read, thread); continue; }
    if (isUnordered(now, read, thread)) report(warp, instr, lane, "a write after a read", read, offset, bytes);
    written = now.stamp(self);
  }
}

// Stamps have no more bits: what came before the last barrier is forgotten.
void beginAgain(Block& block) {
  block.epoch = 1;
  std::fill(block.written.begin(), block.written.end(), 0);
  std::fill(block.read.begin(), block.read.end(), 0);
}

// All lanes read one place: one look for all, unless something is amiss.
bool readTogether(Warp& warp, uint32_t offset, uint32_t bytes) {
  Block& block = *warp.block;
  const Now now(warp);
  const uint32_t several = firstWarp + warp.index;
  for (uint32_t g = offset / block.kernel->granule; g * block.kernel->granule < offset + bytes; g++) {
    if (isUnordered(now, block.written[g], several)) return false;
    uint32_t& read = block.read[g];
    const uint32_t who = whoOf(read);
    const bool isOther = now.isOfBlockEpoch(read) && who / lanes != now.warp && who != several;
    read = now.stamp(isOther ? anyone : several);
  }
  return true;
}

// Lane after lane touches granule after granule. Says whether all is well; else nobody has been noted.
bool touchInOrder(Warp& warp, uint32_t offset, Does does) {
  Block& block = *warp.block;
  const Now now(warp);
  uint32_t *written = &block.written[offset / block.kernel->granule], *read = &block.read[offset / block.kernel->granule];
  const uint32_t first = warp.index * lanes;
  uint32_t amiss = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) amiss |= isUnordered(now, written[lane], first + lane);
  if (does == Does::reads) {
    if (amiss) return false;
    for (uint32_t lane = 0; lane < lanes; lane++) read[lane] = withReader(now, read[lane], first + lane);
    return true;
  }
  for (uint32_t lane = 0; lane < lanes; lane++) amiss |= isUnordered(now, read[lane], first + lane);
  if (amiss) return false;
  for (uint32_t lane = 0; lane < lanes; lane++) written[lane] = now.stamp(first + lane);
  return true;
}
}  // namespace

void noteSharedLane(Warp& warp, const Instr& instr, uint32_t lane, uint32_t offset, uint32_t bytes, Does does) {
  if (warp.block->epoch > lastBlockEpoch) beginAgain(*warp.block);
  touch(warp, instr, lane, offset, bytes, does);
  if (warp.block->kernel->hasProducts && does != Does::reads) noteWrite(warp, lane, offset, bytes, instr.line);
}

void noteSharedByWarp(Warp& warp, const Instr& instr, uint32_t offset, uint32_t bytes) {
  if (warp.block->epoch > lastBlockEpoch) beginAgain(*warp.block);
  if (readTogether(warp, offset, bytes)) return;
  for (uint32_t lane = 0; lane < lanes; lane++) touch(warp, instr, lane, offset, bytes, Does::reads);
}

void noteShared(Warp& warp, const Instr& instr, uint32_t mask, const SharedAccess& access, uint32_t bytes, Does does) {
  if (warp.block->epoch > lastBlockEpoch) beginAgain(*warp.block);
  if (warp.block->kernel->hasProducts && does != Does::reads)
    for (uint32_t lane = 0; lane < lanes; lane++)
      if (mask >> lane & 1) noteWrite(warp, lane, access.at[lane], bytes, instr.line);
  const bool isAlone = (mask & (mask - 1)) == 0;
  if (access.isUniform && does == Does::reads && !isAlone && readTogether(warp, access.at[0], bytes)) return;
  if (access.isContiguous && does != Does::atomically && bytes == warp.block->kernel->granule && touchInOrder(warp, access.at[0], does)) return;
  for (uint32_t lane = 0; lane < lanes; lane++)
    if (mask >> lane & 1) touch(warp, instr, lane, access.at[lane], bytes, does);
}
