// Runs a kernel on the CPU, one block after the other.
#pragma once

#include <functional>

#include "emulation.h"

namespace emulation {
// Throws std::runtime_error if the threads of a warp do not meet at the same barrier.
void run(Dimensions grid, Dimensions block, int shared_bytes, const std::function<void()>& kernel);
} // namespace emulation
