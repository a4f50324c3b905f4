// access: bounds and alignment
#include "access.h"
#include "../driver/memory.h"
#include "shared.h"
#include "races.h"

namespace {
const char* spaceName(Space space) {
  static const char* const names[] = {"generic", "global", "shared", "local", "constant", "parameter"};
  return names[(int)space];
}
const char* verb(Does does) { return does == Does::reads ? "read" : does == Does::writes ? "write" : "atomic access"; }

[[noreturn]] void outOfBounds(Warp& warp, const Instr& instr, uint32_t lane, Space space, uint64_t address, uint32_t bytes, Does does, const std::string& why) {
  fault(warp, instr, lane, error::illegalAddress,
        std::string("out of bounds ") + verb(does) + " of " + spaceName(space) + " memory: address " + hex(address) + " size " + std::to_string(bytes) + why);
}
[[noreturn]] void misaligned(Warp& warp, const Instr& instr, uint32_t lane, Space space, uint64_t address, uint32_t bytes, Does does) {
  fault(warp, instr, lane, error::misaligned,
        std::string("misaligned ") + verb(does) + " of " + spaceName(space) + " memory: address " + hex(address) + " size " + std::to_string(bytes));
}

std::string whereAbout(uint64_t address) {
  Allocation near;
  if (!memoryMap().nearest(address, near)) return ", nothing is allocated there";
  const uint64_t past = address - near.start;
  if (past > near.bytes + (1 << 20)) return ", nothing is allocated there";
  return ", " + std::to_string(past) + " bytes into an allocation of " + std::to_string(near.bytes) + " at " + hex(near.start);
}

template <class A> void gatherAddresses(const A* from, int64_t offset, uint32_t mask, uint64_t* at) {
  if (mask == allLanes) {
    for (uint32_t lane = 0; lane < lanes; lane++) at[lane] = uint64_t(from[lane]) + offset;
    return;
  }
  const uint64_t first = uint64_t(from[firstLane(mask)]) + offset;
  for (uint32_t lane = 0; lane < lanes; lane++) at[lane] = mask >> lane & 1 ? uint64_t(from[lane]) + offset : first;
}

// What lies in a window of the host's memory: shared, local and parameter memory.
void checkWindow(Warp& warp, const Instr& instr, uint32_t mask, Access& access, uint64_t size, uint32_t bytes, Space space, Does does) {
  uint64_t all = 0, high = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) { all |= access.at[lane]; high = std::max(high, access.at[lane]); }
  if ((all & (bytes - 1)) == 0 && high + bytes <= size && high < size) return;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const uint64_t at = access.at[lane];
    if (at + bytes > size || at >= size) outOfBounds(warp, instr, lane, space, at, bytes, does, " of " + std::to_string(size) + " bytes");
    if (at & (bytes - 1)) misaligned(warp, instr, lane, space, at, bytes, does);
  }
}

void resolveGlobal(Warp& warp, const Instr& instr, uint32_t mask, Access& access, uint32_t bytes, Does does) {
  uint64_t low = access.at[0], high = access.at[0], all = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    const uint64_t at = access.at[lane];
    low = at < low ? at : low;
    high = at > high ? at : high;
    all |= at;
  }
  const Range& range = warp.block->worker->sites[instr.site];
  if (low >= range.low && high + bytes <= range.high && (all & (bytes - 1)) == 0) return;
  for (uint32_t lane = 0; lane < lanes; lane++)
    if (mask >> lane & 1) checkGlobal(warp, instr, lane, access.at[lane], bytes, does);
}

void resolveLocal(Warp& warp, const Instr& instr, uint32_t mask, Access& access, uint32_t bytes, Does does) {
  const uint64_t size = warp.block->kernel->localBytes;
  checkWindow(warp, instr, mask, access, size, bytes, Space::local, does);
  for (uint32_t lane = 0; lane < lanes; lane++) access.at[lane] += (uint64_t)warp.local + lane * size;
  access.isUniform = false;
}

void resolveWindow(Warp& warp, const Instr& instr, uint32_t mask, Access& access, uint32_t bytes, Does does) {
  SharedAccess shared;
  resolveShared(warp, instr, mask, bytes, does, shared);
  for (uint32_t lane = 0; lane < lanes; lane++) access.at[lane] = (uint64_t)warp.block->shared + shared.at[lane];
  access.isUniform = shared.isUniform;
}

// Generic addresses are the host's: what is not in a window of the block is global.
void resolveGeneric(Warp& warp, const Instr& instr, uint32_t mask, Access& access, uint32_t bytes, Does does) {
  Block& block = *warp.block;
  const auto& params = block.launch->params;
  const uint64_t localSize = block.kernel->localBytes;
  uint32_t global = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const uint64_t at = access.at[lane], shared = at - (uint64_t)block.shared;
    if (shared < block.sharedBytes) { checkShared(warp, instr, lane, shared, bytes, does); continue; }
    const bool isLocal = at - (uint64_t)block.local.data() < block.local.size();
    const bool isParam = does == Does::reads && at - (uint64_t)params.data() < params.size();
    if (!isLocal && !isParam) { global |= 1u << lane; continue; }
    const uint64_t start = isParam ? (uint64_t)params.data() : (uint64_t)warp.local + lane * localSize;
    const uint64_t size = isParam ? params.size() : localSize;
    if (at < start || at + bytes > start + size) outOfBounds(warp, instr, lane, isParam ? Space::param : Space::local, at, bytes, does, "");
    if (at & (bytes - 1)) misaligned(warp, instr, lane, Space::generic, at, bytes, does);
  }
  for (uint32_t lane = 0; lane < lanes; lane++)
    if (global >> lane & 1) checkGlobal(warp, instr, lane, access.at[lane], bytes, does);
}
}  // namespace

void checkWindowOfShared(Warp& warp, const Instr& instr, uint32_t lane, uint64_t offset, uint32_t bytes, Does does) {
  const uint64_t size = warp.block->sharedBytes;
  if (offset >= size || offset + bytes > size) outOfBounds(warp, instr, lane, Space::shared, offset, bytes, does, " of " + std::to_string(size) + " bytes");
  if (offset & (bytes - 1)) misaligned(warp, instr, lane, Space::shared, offset, bytes, does);
}

void checkShared(Warp& warp, const Instr& instr, uint32_t lane, uint64_t offset, uint32_t bytes, Does does) {
  checkWindowOfShared(warp, instr, lane, offset, bytes, does);
  if (settings().races) noteSharedLane(warp, instr, lane, uint32_t(offset), bytes, does);
}

void checkGlobal(Warp& warp, const Instr& instr, uint32_t lane, uint64_t address, uint32_t bytes, Does does) {
  if (address & (bytes - 1)) misaligned(warp, instr, lane, Space::global, address, bytes, does);
  Worker& worker = *warp.block->worker;
  Range& range = worker.sites[instr.site];
  if (address >= range.low && address + bytes <= range.high) return;
  Allocation found;
  if (!worker.memory->find(address, bytes, found)) outOfBounds(warp, instr, lane, Space::global, address, bytes, does, whereAbout(address));
  if (found.kind <= Kind::constant && found.device != warp.block->launch->device)
    outOfBounds(warp, instr, lane, Space::global, address, bytes, does, ", which is memory of device " + std::to_string(found.device));
  if (found.kind == Kind::constant && does != Does::reads) outOfBounds(warp, instr, lane, Space::constant, address, bytes, does, ", which is constant");
  range = {found.start, found.start + found.bytes};
}

void resolve(Warp& warp, const Instr& instr, uint32_t mask, uint32_t bytes, Does does, Access& access) {
  if (spaceOf(instr) == Space::shared) return resolveWindow(warp, instr, mask, access, bytes, does);
  if (instr.kind & wideAddress) gatherAddresses(warp.slot<uint64_t>(instr.a), instr.imm, mask, access.at);
  else gatherAddresses(warp.slot<uint32_t>(instr.a), instr.imm, mask, access.at);
  uint64_t differs = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) differs |= access.at[lane] ^ access.at[0];
  access.isUniform = differs == 0;
  switch (spaceOf(instr)) {
    case Space::global: case Space::constant: return resolveGlobal(warp, instr, mask, access, bytes, does);
    case Space::shared: return;
    case Space::local: return resolveLocal(warp, instr, mask, access, bytes, does);
    case Space::generic: return resolveGeneric(warp, instr, mask, access, bytes, does);
    case Space::param: {
      const auto& params = warp.block->launch->params;
      checkWindow(warp, instr, mask, access, params.size(), bytes, Space::param, does);
      for (uint64_t& at : access.at) at += (uint64_t)params.data();
    }
  }
}
