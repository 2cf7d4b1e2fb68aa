// Kernels by name, for the driver. kernels.cpp is written by the test that compiles this folder.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "fibers.h"

// Copies the arguments, as a launch does, and returns the work.
typedef std::function<std::function<void()>(
    Dimensions grid, Dimensions block, int shared_bytes, void** parameters)>
    Kernel;

std::map<std::string, Kernel>& kernels();

// A function with the arguments that an array of pointers points to.
template <class... Arguments, size_t... Index>
std::function<void()> copied(
    void (*kernel)(Arguments...), void** parameters, std::index_sequence<Index...>) {
  std::tuple<typename std::remove_cv<Arguments>::type...> values(
      *(typename std::remove_cv<Arguments>::type*)parameters[Index]...);
  return [kernel, values] { std::apply(kernel, values); };
}

template <class... Arguments>
Kernel kernel(void (*function)(Arguments...)) {
  return [function](Dimensions grid, Dimensions block, int shared_bytes, void** parameters) {
    auto work = copied(function, parameters, std::index_sequence_for<Arguments...>());
    return [=] { emulation::run(grid, block, shared_bytes, work); };
  };
}
