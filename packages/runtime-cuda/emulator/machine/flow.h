// flow: where the lanes of a warp go on
#pragma once
#include "fault.h"

/** Lanes that go on at an instruction, later than the running ones. */
void park(Warp& warp, uint32_t pc, uint32_t mask, bool blocked = false);

/** The running fragment jumps. Others may be due before it. */
inline void jump(Warp& warp, uint32_t pc) {
  warp.pc = pc;
  if (!warp.parked.empty()) warp.stop = true;
}

/** Lanes of the running fragment end. */
void leave(Warp& warp, uint32_t mask);

/**
 * For instructions that lanes execute together: says whether all live lanes of `members` are here. Where they are not
 * the lanes of `mask` wait for them, the others of the fragment go on. A handler returns at once on `false`.
 */
bool gather(Warp& warp, const Instr& instr, uint32_t mask, uint32_t members);

/** The same for all 32 lanes: it is a fault where one is not there. Orders the lanes among themselves. */
bool wholeWarp(Warp& warp, const Instr& instr, uint32_t mask);

/** The members as each lane of `mask` gives them, in a slot; checks that they agree with who is here. */
bool gatherBySlot(Warp& warp, const Instr& instr, uint32_t mask, uint32_t slot);

/** Runs a warp until it waits at a barrier, ends, or has done `budget` instructions. */
void runWarp(Warp& warp, uint64_t budget);

/** Runs a block; false where it is not done, and seems to wait for another or has run long. */
bool runBlock(Block& block);
