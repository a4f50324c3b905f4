// block: starts and runs blocks of threads; barriers
#include "block.h"
#include <algorithm>
#include "products.h"
#include "special.h"

void startBlock(Block& block, const Launch& launch, Worker& worker, Dim3 index) {
  const Kernel& kernel = *launch.kernel;
  block.launch = &launch;
  block.kernel = &kernel;
  block.worker = &worker;
  block.index = index;
  block.threads = launch.block.count();
  block.sharedBytes = launch.sharedBytes();
  block.steps = 0;
  block.polls = 0;
  block.epoch = 1;
  std::fill(std::begin(block.barriers), std::end(block.barriers), Barrier{});
  // Shared memory is aligned to 1024 bytes within its store.
  if (block.sharedStore.size() < block.sharedBytes + 1040) block.sharedStore.resize(block.sharedBytes + 1040);
  block.shared = (uint8_t*)(((uint64_t)block.sharedStore.data() + 1023) & ~1023ull);
  memset(block.shared, poison, block.sharedBytes);
  if (settings().races) {
    const size_t granules = block.sharedBytes / kernel.granule + 1;
    block.written.assign(granules, 0);
    block.read.assign(granules, 0);
  }
  if (kernel.hasProducts) startProducts(block);
  const uint32_t count = (block.threads + lanes - 1) / lanes, fileBytes = kernel.image.size();
  if (block.registers.size() < size_t(count) * fileBytes + 64) block.registers.resize(size_t(count) * fileBytes + 64);
  block.local.assign(size_t(count) * lanes * kernel.localBytes, poison);
  uint8_t* registers = (uint8_t*)(((uint64_t)block.registers.data() + 63) & ~63ull);
  block.warps.resize(count);
  for (uint32_t i = 0; i < count; i++) {
    Warp& warp = block.warps[i];
    warp.registers = registers + size_t(i) * fileBytes;
    warp.local = block.local.data() + size_t(i) * lanes * kernel.localBytes;
    warp.block = &block;
    warp.index = i;
    const uint32_t threads = std::min(lanes, block.threads - i * lanes);
    warp.started = warp.live = threads == lanes ? allLanes : (1u << threads) - 1;
    warp.parked.clear();
    warp.copies.clear();
    std::fill_n(warp.copyGroups, lanes, 0);
    warp.syncEpoch = 1;
    warp.runsLast = false;
    warp.turns = 0;
    warp.state = Warp::running;
    warp.reduction = nullptr;
    warp.products.clear();
    warp.productGroups = warp.productCount = 0;
    warp.hasFenced = false;
    warp.touched.assign(kernel.productRegisters, 0);
    memcpy(warp.registers, kernel.image.data(), fileBytes);
    for (const auto& special : kernel.specials) fillSpecial(warp, special);
    for (const auto& base : kernel.dynamicBases)
      for (uint32_t lane = 0; lane < lanes; lane++)
        if (base.bytes == 8) warp.slot<uint64_t>(base.slot)[lane] = kernel.dynamicStart();
        else warp.slot<uint32_t>(base.slot)[lane] = kernel.dynamicStart();
    park(warp, 0, warp.live);
  }
}

static void release(Block& block, uint32_t id) {
  Barrier& barrier = block.barriers[id];
  for (Warp& warp : block.warps) {
    if (warp.state != Warp::atBarrier || warp.barrier != id) continue;
    warp.state = Warp::running;
    if (!warp.reduction) continue;
    const Instr& instr = *warp.reduction;
    const uint32_t value = instr.kind == 0 ? (barrier.all ? 1 : 0) : instr.kind == 1 ? barrier.any : barrier.count;
    if (instr.kind == 2) std::fill_n(warp.slot<uint32_t>(instr.d), lanes, value);
    else warp.predicate(instr.d) = value ? allLanes : 0;
    warp.reduction = nullptr;
  }
  barrier = Barrier{};
  block.epoch++;
  block.notes.barriers++;
}

void arrive(Warp& warp, const Instr& instr, uint32_t id, uint32_t expected, bool waits) {
  Block& block = *warp.block;
  Barrier& barrier = block.barriers[id];
  const uint32_t wanted = expected ? expected : block.threads;
  if (barrier.open && barrier.expected != wanted)
    fault(warp, instr, firstLane(warp.mask), error::launchFailed,
          "barrier " + std::to_string(id) + " is used with " + std::to_string(wanted) + " and with " +
              std::to_string(barrier.expected) + " threads");
  barrier.open = true;
  barrier.expected = wanted;
  barrier.arrived += expected ? lanes : __builtin_popcount(warp.live);
  if (waits) {
    warp.state = Warp::atBarrier;
    warp.barrier = id;
    warp.stop = true;
  }
  if (barrier.arrived >= wanted) release(block, id);
}

// No warp can go on: says which barrier waits for whom.
[[noreturn]] static void reportBarrier(Block& block) {
  for (Warp& warp : block.warps) {
    if (warp.state != Warp::atBarrier) continue;
    const Barrier& barrier = block.barriers[warp.barrier];
    const Instr& instr = block.kernel->code[warp.parked.front().pc - 1];
    uint32_t ended = 0;
    std::string others;
    for (const Warp& other : block.warps) {
      ended += __builtin_popcount(other.started & ~other.live);
      if (other.state == Warp::atBarrier && other.barrier != warp.barrier && others.empty())
        others = "; warp " + std::to_string(other.index) + " waits at ptx line " +
                 std::to_string(block.kernel->code[other.parked.front().pc - 1].line);
    }
    fault(warp, instr, firstLane(warp.live), error::launchFailed,
          "deadlock: divergent barrier " + std::to_string(warp.barrier) + ", " + std::to_string(barrier.arrived) + " of " +
              std::to_string(barrier.expected) + " threads have come" +
              (ended ? ", " + std::to_string(ended) + " threads have ended without it" : "") + others);
  }
  throw Fault{error::launchFailed, "no warp can go on"};
}

bool runBlock(Block& block) {
  // Warps take turns, so that those that wait for one another all go on; so do blocks, where one seems to wait.
  constexpr uint64_t slice = 1 << 14, patience = 1 << 16, longest = 1 << 26;
  constexpr uint32_t manyPolls = 256;
  const size_t count = block.warps.size();
  const uint64_t start = block.steps;
  uint64_t next = start + patience;
  for (block.polls = 0;;) {
    bool hasRun = false;
    size_t done = 0;
    for (size_t i = 0; i < count; i++) {
      Warp& warp = block.warps[settings().reverse ? count - 1 - i : i];
      if (warp.state == Warp::running) { runWarp(warp, slice); hasRun = true; }
      done += warp.state == Warp::done;
    }
    if (done == count) {
      if (block.kernel->hasProducts) endProducts(block);
      return true;
    }
    if (!hasRun) reportBarrier(block);
    if (block.steps < next) continue;
    if (block.polls > manyPolls || block.steps - start > longest) return false;
    block.polls = 0;
    next = block.steps + patience;
  }
}
