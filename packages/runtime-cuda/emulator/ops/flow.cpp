// flow: branches, calls, the end of a thread
#include "../machine/flow.h"
#include "../driver/conditional.h"
#include "handlers.h"
#include "lanes.h"

void handleBranch(Warp& warp, const Instr& instr, uint32_t mask) {
  if (mask == 0) { jump(warp, warp.pc + 1); return; }
  if (mask == warp.mask) { jump(warp, instr.target); return; }
  park(warp, instr.target, mask);
  warp.mask &= ~mask;
  jump(warp, warp.pc + 1);
}

void handleExit(Warp& warp, const Instr&, uint32_t mask) {
  warp.pc++;
  if (mask) leave(warp, mask);
  if (warp.pc >= warp.limit) warp.stop = true;
}

// The driver's own function: its arguments are parameters in local memory.
void handleSetConditional(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint64_t step = warp.block->kernel->localBytes;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    uint64_t handle;
    uint32_t value;
    memcpy(&handle, warp.local + lane * step + instr.a, 8);
    memcpy(&value, warp.local + lane * step + instr.b, 4);
    if (!setConditional(handle, value))
      fault(warp, instr, lane, error::illegalAddress, "cudaGraphSetConditional of " + hex(handle) + ", which is no conditional handle");
  }
}

void handleAssert(Warp& warp, const Instr& instr, uint32_t mask) {
  fault(warp, instr, firstLane(mask), error::assertion, "an assertion failed");
}

namespace {
void handleTrap(Warp& warp, const Instr& instr, uint32_t mask) {
  if (mask) fault(warp, instr, firstLane(mask), error::launchFailed, "trap");
  warp.pc++;
}

// brx.idx: each lane goes to the target of its number
void handleIndexed(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t* index = warp.slot<uint32_t>(instr.a);
  const uint32_t* targets = &warp.block->kernel->more[instr.more];
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    if (index[lane] >= uint64_t(instr.imm)) fault(warp, instr, lane, error::launchFailed, "brx.idx with the index " + std::to_string(index[lane]) + " of " + std::to_string(instr.imm) + " targets");
    park(warp, targets[index[lane]], 1u << lane);
  }
  warp.mask &= ~mask;
  warp.pc++;
  warp.stop = true;
}
void decodeIndexed(Decoder& decoder) {
  const auto targets = decoder.branchTargets(decoder.operand(1).name);
  const uint32_t a = decoder.source(0, Ty::u32);
  const uint32_t more = decoder.addMore(std::vector<uint32_t>(targets.size(), 0));
  for (size_t i = 0; i < targets.size(); i++) decoder.patchTarget(more + i, targets[i]);
  Instr& instr = decoder.emit(handleIndexed, true);
  instr.a = a; instr.more = more; instr.imm = targets.size();
}
void decodeBranch(Decoder& decoder) {
  if (decoder.operand(0).kind != Operand::Name) decoder.unsupported();
  decoder.branch(decoder.operand(0).name, handleBranch);
}
}  // namespace

extern const OpTable flowOps = {
    {"bra", decodeBranch},
    {"brx", decodeIndexed},
    {"ret", [](Decoder& d) { d.emitReturn(); }},
    {"exit", [](Decoder& d) { d.emit(handleExit, true); }},
    {"trap", [](Decoder& d) { d.emit(handleTrap, true); }},
    {"brkpt", [](Decoder& d) { d.emit(handleTrap, true); }},
    {"call", [](Decoder& d) { d.call(); }},
    {"nanosleep", [](Decoder&) {}},
    {"pmevent", [](Decoder&) {}},
};
