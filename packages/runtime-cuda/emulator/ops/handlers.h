// handlers: those that several files need
#pragma once
#include "../machine/flow.h"

void handleBranch(Warp& warp, const Instr& instr, uint32_t mask);
void handleExit(Warp& warp, const Instr& instr, uint32_t mask);
void handleClock32(Warp& warp, const Instr& instr, uint32_t mask);
void handleClock64(Warp& warp, const Instr& instr, uint32_t mask);
void handleSetConditional(Warp& warp, const Instr& instr, uint32_t mask);
void handleAssert(Warp& warp, const Instr& instr, uint32_t mask);
/** Notes that registers of products are touched by other instructions. */
void handleTouch(Warp& warp, const Instr& instr, uint32_t mask);
/** Counts an access by which a block may wait for another. */
inline void handlePoll(Warp& warp, const Instr&, uint32_t) { warp.block->polls++; }
