// warp: what the lanes of a warp do together — shuffles, votes, reductions, matches
#include "../machine/flow.h"
#include "lanes.h"

namespace {
// All of them order the lanes among themselves.
bool together(Warp& warp, const Instr& instr, uint32_t mask, uint32_t membersSlot) {
  if (!gatherBySlot(warp, instr, mask, membersSlot)) return false;
  warp.syncEpoch++;
  return true;
}

enum Shuffle : uint8_t { up, down, butterfly, indexed };
// `more`: slots of the predicate (0 for none) and of the membermask
void shuffle(Warp& warp, const Instr& instr, uint32_t mask) {
  const uint32_t* more = &warp.block->kernel->more[instr.more];
  if (!together(warp, instr, mask, more[1])) return;
  const uint32_t *members = warp.slot<uint32_t>(more[1]), *by = warp.slot<uint32_t>(instr.b), *clamps = warp.slot<uint32_t>(instr.c);
  uint32_t values[lanes], valid = 0;
  memcpy(values, warp.slot<uint32_t>(instr.a), sizeof values);
  uint32_t* d = warp.slot<uint32_t>(instr.d);
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const uint32_t clamp = clamps[lane] & 31, segment = clamps[lane] >> 8 & 31, b = by[lane] & 31;
    const int last = (lane & segment) | (clamp & ~segment), first = lane & segment;
    int from = 0;
    bool isValid = false;
    switch (instr.kind) {
      case up: from = int(lane) - int(b); isValid = from >= last; break;
      case down: from = lane + b; isValid = from <= last; break;
      case butterfly: from = lane ^ b; isValid = from <= last; break;
      default: from = first | int(b & ~segment); isValid = from <= last; break;
    }
    if (!isValid) from = lane;
    // What a lane outside of the mask holds is undefined: poison shows it.
    d[lane] = members[lane] >> from & 1 && warp.live >> from & 1 ? values[from] : 0xCBCBCBCB;
    valid |= uint32_t(isValid) << lane;
  }
  if (more[0]) warp.predicate(more[0]) = blend(mask, valid, warp.predicate(more[0]));
}
void decodeShuffle(Decoder& decoder) {
  if (!decoder.has("sync")) decoder.fail("shfl without .sync has no meaning on this target");
  const int kind = decoder.which({"up", "down", "bfly", "idx"});
  if (kind < 0 || decoder.type() != Ty::b32) decoder.unsupported();
  const Operand& target = decoder.operand(0);
  const bool isPair = target.kind == Operand::Pair;
  uint32_t ignored;
  const uint32_t p = isPair ? decoder.predicate(target.items[1], ignored) : 0, d = decoder.destination(isPair ? target.items[0] : target, Ty::b32),
                 a = decoder.source(1, Ty::b32), b = decoder.source(2, Ty::b32), c = decoder.source(3, Ty::b32), members = decoder.source(4, Ty::b32);
  const uint32_t more = decoder.addMore({p, members});
  Instr& instr = decoder.emit(shuffle, true);
  instr.d = d; instr.a = a; instr.b = b; instr.c = c; instr.kind = kind; instr.more = more;
}

enum Vote : uint8_t { all, any, uni, ballot };
void vote(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!together(warp, instr, mask, instr.b)) return;
  const uint32_t bits = warp.predicate(instr.a) ^ uint32_t(instr.imm);
  const uint32_t* members = warp.slot<uint32_t>(instr.b);
  uint32_t result = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const uint32_t group = members[lane] & warp.live, set = bits & group;
    if (instr.kind == ballot) warp.slot<uint32_t>(instr.d)[lane] = set;
    const bool holds = instr.kind == all ? set == group : instr.kind == any ? set != 0 : set == 0 || set == group;
    result |= uint32_t(holds) << lane;
  }
  if (instr.kind != ballot) warp.predicate(instr.d) = blend(mask, result, warp.predicate(instr.d));
}
void decodeVote(Decoder& decoder) {
  const int kind = decoder.which({"all", "any", "uni", "ballot"});
  if (kind < 0 || !decoder.has("sync")) decoder.unsupported();
  uint32_t ignored, flip;
  const uint32_t d = kind == ballot ? decoder.destination(0, Ty::b32) : decoder.predicate(decoder.operand(0), ignored),
                 a = decoder.predicate(decoder.operand(1), flip), members = decoder.source(2, Ty::b32);
  Instr& instr = decoder.emit(vote, true);
  instr.d = d; instr.a = a; instr.b = members; instr.imm = flip; instr.kind = kind;
}

struct Sum { uint32_t operator()(uint32_t a, uint32_t b) const { return a + b; } };
struct And { uint32_t operator()(uint32_t a, uint32_t b) const { return a & b; } };
struct Or { uint32_t operator()(uint32_t a, uint32_t b) const { return a | b; } };
struct Xor { uint32_t operator()(uint32_t a, uint32_t b) const { return a ^ b; } };
template <class T> struct Min { uint32_t operator()(uint32_t a, uint32_t b) const { return T(a) < T(b) ? a : b; } };
template <class T> struct Max { uint32_t operator()(uint32_t a, uint32_t b) const { return T(a) > T(b) ? a : b; } };
template <class F> void reduce(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!together(warp, instr, mask, instr.b)) return;
  uint32_t values[lanes];
  memcpy(values, warp.slot<uint32_t>(instr.a), sizeof values);
  const uint32_t* members = warp.slot<uint32_t>(instr.b);
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const uint32_t group = members[lane] & warp.live;
    uint32_t sum = values[firstLane(group)];
    for (uint32_t l = firstLane(group) + 1; l < lanes; l++) if (group >> l & 1) sum = F{}(sum, values[l]);
    warp.slot<uint32_t>(instr.d)[lane] = sum;
  }
}
void decodeRedux(Decoder& decoder) {
  const bool s = isSigned(decoder.type());
  const Handler runs[] = {reduce<Sum>, s ? reduce<Min<int32_t>> : reduce<Min<uint32_t>>, s ? reduce<Max<int32_t>> : reduce<Max<uint32_t>>,
                          reduce<And>, reduce<Or>, reduce<Xor>};
  const int kind = decoder.which({"add", "min", "max", "and", "or", "xor"});
  if (kind < 0 || decoder.type() == Ty::f32) decoder.unsupported();
  const uint32_t d = decoder.destination(0, Ty::b32), a = decoder.source(1, Ty::b32), members = decoder.source(2, Ty::b32);
  Instr& instr = decoder.emit(runs[kind], true);
  instr.d = d; instr.a = a; instr.b = members;
}

template <class T> void match(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!together(warp, instr, mask, instr.b)) return;
  T values[lanes];
  memcpy(values, warp.slot<T>(instr.a), sizeof values);
  const uint32_t* members = warp.slot<uint32_t>(instr.b);
  uint32_t holds = 0;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    const uint32_t group = members[lane] & warp.live;
    uint32_t same = 0;
    for (uint32_t l = 0; l < lanes; l++) if (group >> l & 1 && values[l] == values[lane]) same |= 1u << l;
    const bool isAll = same == group;
    warp.slot<uint32_t>(instr.d)[lane] = instr.kind ? (isAll ? group : 0) : same;
    holds |= uint32_t(isAll) << lane;
  }
  if (instr.c) warp.predicate(instr.c) = blend(mask, holds, warp.predicate(instr.c));
}
void decodeMatch(Decoder& decoder) {
  const Operand& target = decoder.operand(0);
  const bool isPair = target.kind == Operand::Pair;
  uint32_t ignored;
  const uint32_t p = isPair ? decoder.predicate(target.items[1], ignored) : 0, d = decoder.destination(isPair ? target.items[0] : target, Ty::b32),
                 a = decoder.source(1, decoder.type()), members = decoder.source(2, Ty::b32);
  Instr& instr = decoder.emit(bytesOf(decoder.type()) == 8 ? match<uint64_t> : match<uint32_t>, true);
  instr.d = d; instr.a = a; instr.b = members; instr.c = p; instr.kind = decoder.has("all");
}

void activeMask(Warp& warp, const Instr& instr, uint32_t mask) {
  uint32_t* d = warp.slot<uint32_t>(instr.d);
  for (uint32_t lane = 0; lane < lanes; lane++) if (mask >> lane & 1) d[lane] = mask;
}
void elect(Warp& warp, const Instr& instr, uint32_t mask) {
  if (!together(warp, instr, mask, instr.b)) return;
  const uint32_t leader = firstLane(mask);
  for (uint32_t lane = 0; lane < lanes; lane++) if (mask >> lane & 1) warp.slot<uint32_t>(instr.d)[lane] = leader;
  warp.predicate(instr.c) = blend(mask, 1u << leader, warp.predicate(instr.c));
}
void decodeElect(Decoder& decoder) {
  const Operand& target = decoder.operand(0);
  if (target.kind != Operand::Pair) decoder.unsupported();
  uint32_t ignored;
  const uint32_t d = decoder.destination(target.items[0], Ty::b32), p = decoder.predicate(target.items[1], ignored), members = decoder.source(1, Ty::b32);
  Instr& instr = decoder.emit(elect, true);
  instr.d = d; instr.c = p; instr.b = members;
}
}  // namespace

extern const OpTable warpOps = {
    {"shfl", decodeShuffle},
    {"vote", decodeVote},
    {"redux", decodeRedux},
    {"match", decodeMatch},
    {"elect", decodeElect},
    {"activemask", [](Decoder& d) { const uint32_t slot = d.destination(0, Ty::b32); d.emit(activeMask).d = slot; }},
};
