// barrier: bar, barrier, fences
#include "../machine/block.h"
#include "../machine/products.h"
#include "lanes.h"

namespace {
constexpr uint32_t noSlot = 0;

// The id and the number of threads, which all lanes must agree on.
uint32_t common(Warp& warp, const Instr& instr, uint32_t mask, uint32_t slot, const char* what) {
  const uint32_t* value = warp.slot<uint32_t>(slot);
  const uint32_t first = value[firstLane(mask)];
  for (uint32_t lane = 0; lane < lanes; lane++)
    if ((mask >> lane & 1) && value[lane] != first) fault(warp, instr, lane, error::launchFailed, std::string("lanes of a warp give different ") + what + " to a barrier");
  return first;
}
struct Which { uint32_t id, threads; };
Which whichBarrier(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t id = common(warp, instr, mask, instr.a, "ids");
  const uint32_t threads = instr.b == noSlot ? 0 : common(warp, instr, mask, instr.b, "numbers of threads");
  if (id > 15) fault(warp, instr, firstLane(mask), error::launchFailed, "there is no barrier " + std::to_string(id));
  if (threads % lanes) fault(warp, instr, firstLane(mask), error::launchFailed, "a barrier takes whole warps, not " + std::to_string(threads) + " threads");
  return {id, threads};
}

void sync(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!gather(warp, instr, mask, warp.live)) return;
  const Which which = whichBarrier(warp, instr, mask);
  arrive(warp, instr, which.id, which.threads, true);
}
void arriveOnly(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!gather(warp, instr, mask, warp.live)) return;
  const Which which = whichBarrier(warp, instr, mask);
  arrive(warp, instr, which.id, which.threads, false);
}

enum Reduce : uint8_t { all, any, count };
void reduce(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!gather(warp, instr, mask, warp.live)) return;
  const Which which = whichBarrier(warp, instr, mask);
  const uint32_t bits = (warp.predicate(instr.c) ^ uint32_t(instr.imm)) & mask;
  Barrier& barrier = warp.block->barriers[which.id];
  barrier.all = barrier.all && bits == mask;
  barrier.any |= bits != 0;
  barrier.count += __builtin_popcount(bits);
  warp.reduction = &instr;
  arrive(warp, instr, which.id, which.threads, true);
}

void warpSync(Warp& warp, const Instr& instr, uint32_t mask) {
  if (gatherBySlot(warp, instr, mask, instr.a)) warp.syncEpoch++;
}

void decodeReduce(Decoder& decoder) {
  const int kind = decoder.which({"and", "or", "popc"});
  if (kind < 0) decoder.unsupported();
  const bool hasCount = decoder.operandCount() > 3;
  uint32_t ignored, flip;
  const uint32_t d = kind == count ? decoder.destination(0, Ty::u32) : decoder.predicate(decoder.operand(0), ignored);
  const uint32_t a = decoder.source(1, Ty::u32), b = hasCount ? decoder.source(2, Ty::u32) : noSlot,
                 c = decoder.predicate(decoder.operand(hasCount ? 3 : 2), flip);
  Instr& instr = decoder.emit(reduce, true);
  instr.d = d; instr.a = a; instr.b = b; instr.c = c; instr.imm = flip; instr.kind = kind;
}

void decodeBar(Decoder& decoder) {
  if (decoder.has("cluster")) decoder.unsupported();
  if (decoder.has("red")) return decodeReduce(decoder);
  const bool isWarp = decoder.has("warp");
  const Handler run = isWarp ? warpSync : decoder.has("arrive") ? arriveOnly : decoder.has("sync") ? sync : nullptr;
  if (!run) decoder.unsupported();
  const uint32_t a = decoder.operandCount() > 0 ? decoder.source(0, Ty::u32) : decoder.constant(0, 4);
  const uint32_t b = decoder.operandCount() > 1 ? decoder.source(1, Ty::u32) : noSlot;
  Instr& instr = decoder.emit(run, true);
  instr.a = a; instr.b = b;
}

void fence(Warp&, const Instr&, uint32_t) { std::atomic_thread_fence(std::memory_order_seq_cst); }
// What comes before is seen by wgmma, which reads shared memory in another way than loads do.
void fenceProxy(Warp& warp, const Instr&, uint32_t mask) {
  if (warp.block->kernel->hasProducts) noteFence(warp, mask);
}
void decodeFence(Decoder& decoder) {
  const bool isProxy = decoder.has("proxy") && decoder.has("async") && !decoder.has("global");
  decoder.emit(isProxy ? fenceProxy : fence);
}
}  // namespace

extern const OpTable barrierOps = {{"bar", decodeBar}, {"barrier", decodeBar}, {"membar", decodeFence}, {"fence", decodeFence}};
