// conditional: the values that kernels set and conditional nodes of graphs read
#pragma once
#include <cstdint>

/** Sets the value of a handle; false where there is no such handle. */
bool setConditional(uint64_t handle, uint32_t value);
uint32_t readConditional(uint64_t handle);
uint64_t createConditional(uint32_t initial, bool isAssigned);
bool isConditional(uint64_t handle);
void dropConditional(uint64_t handle);
/** What a handle has at the start of each launch of its graph. */
void resetConditional(uint64_t handle);
