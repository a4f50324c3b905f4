// special: the special registers
#pragma once
#include <string_view>
#include "machine.h"

struct SpecialRow { std::string_view name; uint8_t which, bytes; };

/** The special register of this name, or nullptr. */
const SpecialRow* specialNamed(std::string_view name);

/** Fills the slot of a special register at the start of a warp. */
void fillSpecial(Warp& warp, const Kernel::Special& special);

/** Whether its value changes while the warp runs (clocks): then it is read anew by each instruction. */
bool isClock(uint8_t which);
uint64_t readClock();
