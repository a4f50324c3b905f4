// special: values of the special registers
#include "special.h"
#include <chrono>

namespace {
enum Which : uint8_t {
  tidX, tidY, tidZ, ntidX, ntidY, ntidZ, ctaidX, ctaidY, ctaidZ, nctaidX, nctaidY, nctaidZ,
  laneid, warpid, nwarpid, smid, nsmid, gridid, maskEq, maskLe, maskLt, maskGe, maskGt,
  dynamicShared, totalShared, zero, one, clockNow,
};

const SpecialRow rows[] = {
    {"%tid.x", tidX, 4}, {"%tid.y", tidY, 4}, {"%tid.z", tidZ, 4},
    {"%ntid.x", ntidX, 4}, {"%ntid.y", ntidY, 4}, {"%ntid.z", ntidZ, 4},
    {"%ctaid.x", ctaidX, 4}, {"%ctaid.y", ctaidY, 4}, {"%ctaid.z", ctaidZ, 4},
    {"%nctaid.x", nctaidX, 4}, {"%nctaid.y", nctaidY, 4}, {"%nctaid.z", nctaidZ, 4},
    {"%laneid", laneid, 4}, {"%warpid", warpid, 4}, {"%nwarpid", nwarpid, 4}, {"%smid", smid, 4}, {"%nsmid", nsmid, 4},
    {"%gridid", gridid, 8}, {"%lanemask_eq", maskEq, 4}, {"%lanemask_le", maskLe, 4}, {"%lanemask_lt", maskLt, 4},
    {"%lanemask_ge", maskGe, 4}, {"%lanemask_gt", maskGt, 4}, {"%dynamic_smem_size", dynamicShared, 4},
    {"%total_smem_size", totalShared, 4},
    // Clusters of one block.
    {"%cluster_ctaid.x", zero, 4}, {"%cluster_ctaid.y", zero, 4}, {"%cluster_ctaid.z", zero, 4}, {"%cluster_ctarank", zero, 4},
    {"%cluster_nctaid.x", one, 4}, {"%cluster_nctaid.y", one, 4}, {"%cluster_nctaid.z", one, 4}, {"%cluster_nctarank", one, 4},
    {"%clusterid.x", ctaidX, 4}, {"%clusterid.y", ctaidY, 4}, {"%clusterid.z", ctaidZ, 4},
    {"%nclusterid.x", nctaidX, 4}, {"%nclusterid.y", nctaidY, 4}, {"%nclusterid.z", nctaidZ, 4},
    {"%clock", clockNow, 4}, {"%clock_hi", clockNow, 4}, {"%clock64", clockNow, 8}, {"%globaltimer", clockNow, 8},
    {"%globaltimer_lo", clockNow, 4}, {"%globaltimer_hi", zero, 4},
};

uint64_t valueOf(const Warp& warp, uint8_t which, uint32_t lane) {
  const Block& block = *warp.block;
  const Dim3 &size = block.launch->block, &grid = block.launch->grid;
  const uint32_t thread = warp.index * lanes + lane;
  switch (which) {
    case tidX: return thread % size.x;
    case tidY: return thread / size.x % size.y;
    case tidZ: return thread / size.x / size.y;
    case ntidX: return size.x;
    case ntidY: return size.y;
    case ntidZ: return size.z;
    case ctaidX: return block.index.x;
    case ctaidY: return block.index.y;
    case ctaidZ: return block.index.z;
    case nctaidX: return grid.x;
    case nctaidY: return grid.y;
    case nctaidZ: return grid.z;
    case laneid: return lane;
    case warpid: return warp.index;
    case nwarpid: return block.warps.size();
    case nsmid: case one: return 1;
    case maskEq: return 1u << lane;
    case maskLe: return (2u << lane) - 1;
    case maskLt: return (1u << lane) - 1;
    case maskGe: return -(1u << lane);
    case maskGt: return ~((2u << lane) - 1);
    case dynamicShared: return block.launch->dynamicShared;
    case totalShared: return block.sharedBytes;
    default: return 0;
  }
}
}  // namespace

const SpecialRow* specialNamed(std::string_view name) {
  for (const SpecialRow& row : rows)
    if (row.name == name) return &row;
  return nullptr;
}

void fillSpecial(Warp& warp, const Kernel::Special& special) {
  for (uint32_t lane = 0; lane < lanes; lane++) {
    const uint64_t value = valueOf(warp, special.which, lane);
    if (special.bytes == 8) warp.slot<uint64_t>(special.slot)[lane] = value;
    else warp.slot<uint32_t>(special.slot)[lane] = (uint32_t)value;
  }
}

bool isClock(uint8_t which) { return which == clockNow; }

uint64_t readClock() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch()).count();
}
