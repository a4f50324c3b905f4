// launch: executes a grid of blocks on the threads of the host
#pragma once
#include <optional>
#include "machine.h"

/** Runs a launch to its end and returns what it did wrong. */
std::optional<Fault> runLaunch(const Launch& launch, const MemoryMap& memory);
