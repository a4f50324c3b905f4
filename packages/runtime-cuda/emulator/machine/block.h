// block: the state of a block of threads
#pragma once
#include "flow.h"

/** Makes a block ready to run: memory poisoned, registers as at the start. Its storage is used again. */
void startBlock(Block& block, const Launch& launch, Worker& worker, Dim3 index);

/** A warp has come to a barrier; lets all go on where it was the last. `expected` is in threads, 0 for the whole block. */
void arrive(Warp& warp, const Instr& instr, uint32_t id, uint32_t expected, bool waits);
