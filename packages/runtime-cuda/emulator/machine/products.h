// products: what is noted of shared memory, fences and warpgroups in kernels with wgmma
#pragma once
#include "fault.h"

constexpr uint32_t groupWarps = 4;  // of a warpgroup

void startProducts(Block& block);

/** A lane writes shared memory the usual way. `line`: of the instruction. */
void noteWrite(Warp& warp, uint32_t lane, uint32_t offset, uint32_t bytes, uint32_t line);

/** A fence.proxy.async of the lanes of a mask. */
void noteFence(Warp& warp, uint32_t mask);

/** A product is asked for: it is the same in all warps of the warpgroup. */
void noteProduct(Warp& warp, const Product& product);

/** Checks that what a product is to read was written and fenced before, with barriers. `what`: the matrix. */
void checkFenced(Warp& warp, const Instr& instr, uint32_t offset, uint32_t bytes, const char* what);

/** Checks that nobody has written it since the product was asked for. */
void checkKept(Warp& warp, const Product& product, uint32_t offset, uint32_t bytes, const char* what);

/** At the end of a block: all products have been waited for, by all warps. */
void endProducts(Block& block);
