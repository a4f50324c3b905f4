// async: cp.async
//
// A copy reads and writes only when it is waited for: whoever waits too little reads what was there before.
#include <algorithm>
#include "../machine/access.h"
#include "../machine/products.h"
#include "lanes.h"
#include "memory.h"

namespace {
// a, imm: the source; `more`: slot, bytes and offset of the destination; b: slot of the bytes to read; size: of the copy
void copy(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t* to = &warp.block->kernel->more[instr.more];
  const uint32_t* reads = warp.slot<uint32_t>(instr.b);
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const uint64_t from = warp.slot<uint64_t>(instr.a)[lane] + instr.imm;
    const uint64_t base = to[1] == 8 ? warp.slot<uint64_t>(to[0])[lane] : warp.slot<uint32_t>(to[0])[lane];
    const uint32_t offset = uint32_t(base + int32_t(to[2])), fromBytes = std::min<uint32_t>(reads[lane], instr.size);
    checkShared(warp, instr, lane, offset, instr.size, Does::writes);
    if (from & (instr.size - 1)) fault(warp, instr, lane, error::misaligned, "misaligned read of global memory: address " + hex(from) + " size " + std::to_string(instr.size));
    if (fromBytes) checkGlobal(warp, instr, lane, from, fromBytes == instr.size ? fromBytes : 1, Does::reads);
    if (fromBytes && fromBytes != instr.size) checkGlobal(warp, instr, lane, from + fromBytes - 1, 1, Does::reads);
    warp.copies.push_back({from, offset, instr.size, fromBytes, warp.copyGroups[lane], uint8_t(lane), instr.line});
  }
}

void complete(Warp& warp, const Instr& instr, const AsyncCopy& copy) {
  uint8_t* to = warp.block->shared + copy.to;
  checkShared(warp, instr, copy.lane, copy.to, copy.bytes, Does::writes);
  if (warp.block->kernel->hasProducts) noteWrite(warp, copy.lane, copy.to, copy.bytes, copy.line);  // by the copy, not by the wait
  memcpy(to, (const void*)copy.from, copy.fromBytes);
  memset(to + copy.fromBytes, 0, copy.bytes - copy.fromBytes);
}
void commit(Warp& warp, const Instr&, uint32_t mask) {
  for (uint32_t lane = 0; lane < lanes; lane++) warp.copyGroups[lane] += mask >> lane & 1;
}
// imm: how many groups may stay open, -1 to wait for all, committed or not
void wait(Warp& warp, const Instr& instr, uint32_t mask) {
  size_t kept = 0;
  for (size_t i = 0; i < warp.copies.size(); i++) {
    const AsyncCopy copy = warp.copies[i];
    const bool isDue = instr.imm < 0 || int64_t(copy.group) + instr.imm < int64_t(warp.copyGroups[copy.lane]);
    if ((mask >> copy.lane & 1) && isDue) complete(warp, instr, copy);
    else warp.copies[kept++] = copy;
  }
  warp.copies.resize(kept);
}

void decodeCopy(Decoder& decoder) {
  const Operand& size = decoder.operand(2);
  if (size.kind != Operand::Integer || (size.bits != 4 && size.bits != 8 && size.bits != 16)) decoder.fail("cp.async copies 4, 8 or 16 bytes");
  if (decoder.has("cg") && size.bits != 16) decoder.fail("cp.async.cg copies 16 bytes");
  if (decoder.operandCount() > 4) decoder.unsupported();
  const Decoder::Place to = decoder.place(decoder.operand(0), Space::shared), from = decoder.place(decoder.operand(1), Space::global);
  const bool hasReads = decoder.operandCount() > 3;
  const uint32_t b = hasReads ? decoder.source(3, Ty::u32) : decoder.constant(size.bits, 4);
  const uint32_t more = decoder.addMore({to.slot, to.bytes, uint32_t(to.offset)});
  Instr& instr = decoder.emit(copy);
  setPlace(decoder, instr, from, size.bits);
  instr.b = b; instr.more = more; instr.size = size.bits;
  decoder.noteSharedAccess(size.bits);
}

// cp.async is a copy, or ends a group of them.
void decodeCp(Decoder& decoder) {
  if (!decoder.has("async") || decoder.has("bulk") || decoder.has("mbarrier")) decoder.unsupported();
  if (decoder.has("commit_group")) { decoder.emit(commit); return; }
  if (decoder.has("wait_all")) { decoder.emit(wait).imm = -1; return; }
  if (decoder.has("wait_group")) {
    if (decoder.operand(0).kind != Operand::Integer) decoder.unsupported();
    const int64_t open = decoder.operand(0).bits;
    decoder.emit(wait).imm = open;
    return;
  }
  decodeCopy(decoder);
}
}  // namespace

extern const OpTable asyncOps = {{"cp", decodeCp}};
