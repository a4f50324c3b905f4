// shared: accesses to the shared memory of a block
#pragma once
#include "access.h"

/** Offsets of the lanes of a mask in shared memory. Lanes outside of the mask have the first one's. */
struct SharedAccess {
  alignas(64) uint32_t at[lanes];
  bool isUniform;     // all lanes touch the same bytes
  bool isContiguous;  // lane after lane, with no gap
};

/** Finds and checks the offsets of an instruction, as `resolve` does for other spaces. */
void resolveShared(Warp& warp, const Instr& instr, uint32_t mask, uint32_t bytes, Does does, SharedAccess& access);
