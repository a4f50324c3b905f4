// races: who last touched the shared memory of a block, and whether anything orders the accesses
#pragma once
#include "shared.h"

/** Notes that lanes touch shared memory; faults where another thread did so with nothing to order the two. */
void noteShared(Warp& warp, const Instr& instr, uint32_t mask, const SharedAccess& access, uint32_t bytes, Does does);

/** The same for one lane. */
void noteSharedLane(Warp& warp, const Instr& instr, uint32_t lane, uint32_t offset, uint32_t bytes, Does does);

/** A read by all lanes of a warp together. */
void noteSharedByWarp(Warp& warp, const Instr& instr, uint32_t offset, uint32_t bytes);
