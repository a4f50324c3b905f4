// fault: texts of errors
#include "fault.h"
#include <cstdio>

std::string hex(uint64_t value) {
  char text[24];
  snprintf(text, sizeof text, "0x%llx", (unsigned long long)value);
  return text;
}

static std::string tripleName(uint32_t x, uint32_t y, uint32_t z) {
  return "(" + std::to_string(x) + "," + std::to_string(y) + "," + std::to_string(z) + ")";
}

std::string threadName(const Warp& warp, uint32_t lane) {
  const Dim3& size = warp.block->launch->block;
  const uint32_t flat = warp.index * lanes + lane;
  return "thread " + tripleName(flat % size.x, flat / size.x % size.y, flat / size.x / size.y);
}

// Ranges of lanes: 0-15, 20
std::string lanesName(uint32_t mask) {
  std::string text;
  for (uint32_t lane = 0; lane < lanes; lane++) {
    if (!(mask >> lane & 1)) continue;
    uint32_t last = lane;
    while (last + 1 < lanes && (mask >> (last + 1) & 1)) last++;
    text += (text.empty() ? "" : ", ") + std::to_string(lane) + (last > lane ? "-" + std::to_string(last) : "");
    lane = last;
  }
  return text;
}

void fault(const Warp& warp, const Instr& instr, uint32_t lane, int code, const std::string& what) {
  const Block& block = *warp.block;
  throw Fault{code, what + ", in kernel " + block.kernel->name + " at ptx line " + std::to_string(instr.line) + ", block " +
                        tripleName(block.index.x, block.index.y, block.index.z) + " " + threadName(warp, lane)};
}
