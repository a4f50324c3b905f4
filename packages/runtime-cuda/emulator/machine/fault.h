// fault: the errors that a kernel can make, with the place where it made them
#pragma once
#include "machine.h"

namespace error {
constexpr int illegalAddress = 700, timeout = 702, assertion = 710, misaligned = 716, launchFailed = 719;
}

/** Ends the launch. The text names kernel, line, block and thread. */
[[noreturn]] void fault(const Warp& warp, const Instr& instr, uint32_t lane, int code, const std::string& what);

/** `thread (x,y,z)` of a lane. */
std::string threadName(const Warp& warp, uint32_t lane);
std::string hex(uint64_t value);
std::string lanesName(uint32_t mask);

inline uint32_t firstLane(uint32_t mask) { return mask ? __builtin_ctz(mask) : 0; }
