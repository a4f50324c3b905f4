// flow: fragments of a warp; the one with the smallest pc runs, so that structured code comes together again
#include "flow.h"
#include <algorithm>

void park(Warp& warp, uint32_t pc, uint32_t mask, bool blocked) {
  if (mask) warp.parked.push_back({pc, mask, blocked});
}

void leave(Warp& warp, uint32_t mask) {
  warp.live &= ~mask;
  warp.mask &= ~mask;
  for (Fragment& fragment : warp.parked) fragment.blocked = false;  // whoever waited for these lanes looks again
  if (warp.mask == 0 || !warp.parked.empty()) warp.stop = true;
}

bool gather(Warp& warp, const Instr&, uint32_t mask, uint32_t members) {
  if (mask && (members & warp.live & ~mask) != 0) {
    park(warp, warp.pc, mask, true);
    warp.mask &= ~mask;
    jump(warp, warp.pc + 1);
    return false;
  }
  warp.pc++;
  if (warp.pc >= warp.limit) warp.stop = true;
  return mask != 0;
}

bool wholeWarp(Warp& warp, const Instr& instr, uint32_t mask) {
  if (mask && warp.live != allLanes)
    fault(warp, instr, firstLane(mask), error::launchFailed,
          "needs all 32 lanes of the warp, of which " + std::to_string(__builtin_popcount(warp.live)) + " are there");
  if (!gather(warp, instr, mask, allLanes)) return false;
  warp.syncEpoch++;
  return true;
}

bool gatherBySlot(Warp& warp, const Instr& instr, uint32_t mask, uint32_t slot) {
  if (!mask) { jump(warp, warp.pc + 1); return false; }
  const uint32_t* members = warp.slot<uint32_t>(slot);
  uint32_t all = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    if (!(members[lane] >> lane & 1))
      fault(warp, instr, lane, error::launchFailed, "the lane is not in the membermask " + hex(members[lane]) + " that it gives");
    all |= members[lane];
  }
  return gather(warp, instr, mask, all);
}

namespace {

// Lanes wait for others that will never come: says for whom, and where those are.
[[noreturn]] void reportDivergence(Warp& warp) {
  const Fragment& first = *std::min_element(warp.parked.begin(), warp.parked.end(),
                                            [](const Fragment& a, const Fragment& b) { return a.pc < b.pc; });
  const Instr& instr = warp.block->kernel->code[first.pc];
  std::string text = "deadlock: lanes " + lanesName(first.mask) + " of the warp wait here for lanes that do not come";
  const uint32_t gone = warp.started & ~warp.live;
  if (gone) text += "; lanes " + lanesName(gone) + " have ended";
  for (const Fragment& other : warp.parked)
    if (&other != &first)
      text += "; lanes " + lanesName(other.mask) + " wait at ptx line " + std::to_string(warp.block->kernel->code[other.pc].line);
  fault(warp, instr, firstLane(first.mask), error::launchFailed, text);
}

// Makes one fragment the running one, with all that are at the same place: the one with the smallest pc, or the largest.
bool pick(Warp& warp, bool isLast) {
  const Fragment* best = nullptr;
  for (const Fragment& fragment : warp.parked)
    if (!fragment.blocked && (!best || (fragment.pc < best->pc) != isLast)) best = &fragment;
  if (!best) {
    if (!warp.parked.empty()) reportDivergence(warp);
    warp.state = Warp::done;
    return false;
  }
  warp.pc = best->pc;
  warp.mask = 0;
  warp.limit = ~0u;
  warp.stop = false;
  size_t kept = 0;
  for (const Fragment& fragment : warp.parked) {
    if (fragment.pc == warp.pc) { warp.mask |= fragment.mask; continue; }
    if (fragment.pc > warp.pc) warp.limit = std::min(warp.limit, fragment.pc);
    warp.parked[kept++] = fragment;
  }
  warp.parked.resize(kept);
  return true;
}

// Runs the fragment that was picked, at most `turns` instructions; returns how many it ran.
uint64_t runFragment(Warp& warp, uint64_t turns) {
  const Instr* code = warp.block->kernel->code.data();
  uint8_t* registers = warp.registers;
  uint32_t pc = warp.pc;
  uint64_t turn = 0;
  while (turn < turns && !warp.stop) {
    const Instr& instr = code[pc];
    turn++;
    uint32_t mask = warp.mask;
    if (instr.guard) mask &= *reinterpret_cast<uint32_t*>(registers + instr.guard) ^ instr.guardFlip;
    if (instr.flow) {
      warp.pc = pc;
      instr.run(warp, instr, mask);
      pc = warp.pc;
      continue;
    }
    if (mask) instr.run(warp, instr, mask);
    if (++pc >= warp.limit) break;
  }
  park(warp, pc, warp.mask);
  return turn;
}

}  // namespace

void runWarp(Warp& warp, uint64_t budget) {
  // Lanes that spin on what others of the warp will write must not starve those: now and then the last ones run.
  constexpr uint64_t firstTurns = 1 << 12, lastTurns = 1 << 10;
  while (warp.state == Warp::running && budget > 0) {
    if (warp.turns == 0) {
      warp.runsLast = !warp.runsLast && warp.parked.size() > 1;
      warp.turns = warp.runsLast ? lastTurns : firstTurns;
    }
    if (!pick(warp, warp.runsLast)) return;
    const uint64_t ran = runFragment(warp, std::min(warp.turns, budget));
    budget -= ran;
    warp.turns -= ran;
    warp.block->steps += ran;
  }
}
