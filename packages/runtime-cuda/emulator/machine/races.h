// races: who last touched the shared memory of a block, and whether anything orders the accesses
#pragma once
#include "access.h"

/** Notes that lanes touch shared memory, `at` being offsets; faults where another thread did so with no barrier between. */
void noteShared(Warp& warp, const Instr& instr, uint32_t mask, const uint64_t* at, bool isUniform, uint32_t bytes, Does does);
