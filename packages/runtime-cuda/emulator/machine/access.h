// access: addresses of a load or store, checked
#pragma once
#include "../ptx/ast.h"
#include "fault.h"

enum class Does : uint8_t { reads, writes, atomically };

/** Where the lanes of a mask touch memory, as addresses of the host. Lanes outside of the mask have the first one's. */
struct Access {
  alignas(64) uint64_t at[lanes];
  bool isUniform;  // all lanes touch the same bytes
};

/**
 * Finds and checks the addresses of an instruction: `a` is the slot of the address, `kind` the space with the bit
 * `wideAddress`, `imm` the offset. `bytes` is what each lane touches.
 */
void resolve(Warp& warp, const Instr& instr, uint32_t mask, uint32_t bytes, Does does, Access& access);

/** Checks bytes of global memory that one lane touches. */
void checkGlobal(Warp& warp, const Instr& instr, uint32_t lane, uint64_t address, uint32_t bytes, Does does);

/** Checks bytes of shared memory that one lane touches, and whether other threads race for them. */
void checkShared(Warp& warp, const Instr& instr, uint32_t lane, uint64_t offset, uint32_t bytes, Does does);

/** The same without the look at races. */
void checkWindowOfShared(Warp& warp, const Instr& instr, uint32_t lane, uint64_t offset, uint32_t bytes, Does does);

constexpr uint8_t wideAddress = 0x10;
inline Space spaceOf(const Instr& instr) { return Space(instr.kind & 15); }
