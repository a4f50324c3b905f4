// races: a stamp per granule of shared memory for the last write and the last read
//
// A stamp is the epoch of the block (a barrier begins a new one), the epoch of the warp (what orders its lanes among
// themselves: shuffles, votes, bar.warp.sync) and the thread. Two accesses of which one writes race when they are of
// different threads in one epoch of the block, unless one warp made both and has been ordered since.
#include "races.h"
#include <algorithm>

namespace {
constexpr uint32_t threadBits = 11, warpEpochBits = 9, blockEpochBits = 12;
constexpr uint32_t anyThread = (1u << threadBits) - 1;  // several threads of one warp: its first lane, marked by `several`
constexpr uint32_t lastWarpEpoch = (1u << warpEpochBits) - 1, lastBlockEpoch = (1u << blockEpochBits) - 1;
constexpr uint32_t atomicThread = anyThread - 1;  // written by atomics only

uint32_t stampOf(const Warp& warp, uint32_t thread) {
  return warp.block->epoch << (threadBits + warpEpochBits) | std::min(warp.syncEpoch, lastWarpEpoch) << threadBits | thread;
}
uint32_t blockEpochOf(uint32_t stamp) { return stamp >> (threadBits + warpEpochBits); }
uint32_t warpEpochOf(uint32_t stamp) { return stamp >> threadBits & lastWarpEpoch; }
uint32_t threadOf(uint32_t stamp) { return stamp & anyThread; }

// Whether an earlier access may be at the same time as one of a thread of this warp.
bool isUnordered(const Warp& warp, uint32_t stamp, uint32_t thread) {
  if (blockEpochOf(stamp) != warp.block->epoch || threadOf(stamp) == thread) return false;
  const uint32_t other = threadOf(stamp);
  if (other >= atomicThread) return true;
  const uint32_t epoch = std::min(warp.syncEpoch, lastWarpEpoch);
  return other / lanes != warp.index || (warpEpochOf(stamp) == epoch && epoch != lastWarpEpoch);
}

[[noreturn]] void report(Warp& warp, const Instr& instr, uint32_t lane, const char* what, uint32_t stamp, uint64_t offset, uint32_t bytes) {
  const uint32_t other = threadOf(stamp);
  std::string who = "several threads";
  if (other < atomicThread) who = threadName(warp.block->warps[other / lanes], other % lanes);
  if (other == atomicThread) who = "an atomic instruction";
  fault(warp, instr, lane, error::launchFailed,
        std::string("race in shared memory: ") + what + " without a barrier between, the other is " + who + ", address " + hex(offset) + " size " + std::to_string(bytes));
}

void touch(Warp& warp, const Instr& instr, uint32_t lane, uint64_t offset, uint32_t bytes, Does does) {
  Block& block = *warp.block;
  const uint32_t granule = block.kernel->granule, thread = warp.index * lanes + lane;
  const uint32_t self = does == Does::atomically ? atomicThread : thread, stamp = stampOf(warp, self);
  for (uint64_t g = offset / granule; g * granule < offset + bytes; g++) {
    uint32_t &written = block.written[g], &read = block.read[g];
    if (isUnordered(warp, written, self)) report(warp, instr, lane, does == Does::reads ? "a read after a write" : "two writes", written, offset, bytes);
    if (does == Does::reads) {
      const bool isShared = blockEpochOf(read) == block.epoch && threadOf(read) != thread && isUnordered(warp, read, thread);
      read = isShared ? stampOf(warp, anyThread) : stamp;
      continue;
    }
    if (isUnordered(warp, read, thread)) report(warp, instr, lane, "a write after a read", read, offset, bytes);
    written = stamp;
  }
}
}  // namespace

void noteShared(Warp& warp, const Instr& instr, uint32_t mask, const uint64_t* at, bool isUniform, uint32_t bytes, Does does) {
  Block& block = *warp.block;
  if (block.epoch > lastBlockEpoch) {
    // Stamps have no more bits: what came before the last barrier is forgotten.
    block.epoch = 1;
    std::fill(block.written.begin(), block.written.end(), 0);
    std::fill(block.read.begin(), block.read.end(), 0);
  }
  for (uint32_t lane = 0; lane < lanes; lane++)
    if (mask >> lane & 1) touch(warp, instr, lane, at[lane], bytes, does);
  (void)isUniform;
}
