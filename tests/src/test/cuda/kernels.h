// Kernels by name, for the driver. kernels.cpp is written by the test that compiles this folder.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "fibers.h"

typedef std::function<void(Dimensions grid, Dimensions block, int shared_bytes, void** parameters)>
    Kernel;

std::map<std::string, Kernel>& kernels();

// Calls a function with the arguments that an array of pointers points to.
template <class... Arguments, size_t... Index>
void call(void (*kernel)(Arguments...), void** parameters, std::index_sequence<Index...>) {
  kernel(*(typename std::remove_cv<Arguments>::type*)parameters[Index]...);
}

template <class... Arguments>
Kernel kernel(void (*function)(Arguments...)) {
  return [function](Dimensions grid, Dimensions block, int shared_bytes, void** parameters) {
    emulation::run(grid, block, shared_bytes, [&] {
      call(function, parameters, std::index_sequence_for<Arguments...>());
    });
  };
}
