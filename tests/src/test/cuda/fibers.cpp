#include "fibers.h"

#include <setjmp.h>
#include <ucontext.h>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <vector>

Dimensions threadIdx, blockIdx, blockDim, gridDim;

namespace emulation {
namespace {
const int STACK_BYTES = 128 << 10;

enum class State { READY, AT_WARP, AT_BLOCK, DONE };

struct Fiber {
  std::unique_ptr<char[]> stack{new char[STACK_BYTES]};
  ucontext_t start;
  jmp_buf resume;
  bool started = false;
};

struct Thread {
  State state = State::READY;
  Fiber* fiber = nullptr; // while it waits
  int shuffles = 0;
};

// A fiber takes one thread after the other as long as none has to wait: kernels without barriers
// need a single fiber.
std::vector<std::unique_ptr<Fiber>> fibers;
std::vector<Fiber*> idle;
std::vector<Thread> threads;
std::vector<Slot> slots; // [2, threads]
std::vector<float> memory;
const std::function<void()>* body;
Fiber* current;
int running; // index of the running thread
int next;    // first thread that has not begun
ucontext_t scheduler_start;
jmp_buf scheduler;

void select(int index) {
  running = index;
  threadIdx.x = index % blockDim.x;
  threadIdx.y = index / blockDim.x % blockDim.y;
  threadIdx.z = index / blockDim.x / blockDim.y;
}

void take_threads() {
  for (;;) {
    while (next < (int)threads.size()) {
      select(next++);
      (*body)();
      threads[running].state = State::DONE;
    }
    idle.push_back(current);
    if (_setjmp(current->resume) == 0) {
      _longjmp(scheduler, 1);
    }
  }
}

void resume(Fiber* fiber) {
  current = fiber;
  if (_setjmp(scheduler) == 0) {
    if (fiber->started) {
      _longjmp(fiber->resume, 1);
    }
    fiber->started = true;
    getcontext(&fiber->start);
    fiber->start.uc_stack.ss_sp = fiber->stack.get();
    fiber->start.uc_stack.ss_size = STACK_BYTES;
    fiber->start.uc_link = nullptr;
    makecontext(&fiber->start, take_threads, 0);
    swapcontext(&scheduler_start, &fiber->start);
  }
}

void wait(State state) {
  int index = running;
  Fiber* fiber = current;
  threads[index].state = state;
  threads[index].fiber = fiber;
  if (_setjmp(fiber->resume) == 0) {
    _longjmp(scheduler, 1);
  }
  select(index);
}

Fiber* idle_fiber() {
  if (idle.empty()) {
    fibers.emplace_back(new Fiber);
    return fibers.back().get();
  }
  Fiber* fiber = idle.back();
  idle.pop_back();
  return fiber;
}

// Lets the threads of one range go on if all that are not done wait in this state.
bool release(int first, int end, State state) {
  bool waits = false;
  for (int i = first; i < end; i++) {
    if (threads[i].state != State::DONE) {
      if (threads[i].state != state) {
        return false;
      }
      waits = true;
    }
  }
  for (int i = first; i < end; i++) {
    if (threads[i].state == state) {
      threads[i].state = State::READY;
    }
  }
  return waits;
}

void run_block() {
  int count = blockDim.x * blockDim.y * blockDim.z;
  threads.assign(count, Thread());
  slots.resize(2 * count);
  next = 0;
  while (next < count) {
    resume(idle_fiber());
  }
  for (;;) {
    bool released = false;
    for (int first = 0; first < count; first += 32) {
      released |= release(first, std::min(count, first + 32), State::AT_WARP);
    }
    released = released || release(0, count, State::AT_BLOCK);
    if (!released) {
      break;
    }
    for (int i = 0; i < count; i++) {
      if (threads[i].state == State::READY) {
        resume(threads[i].fiber);
      }
    }
  }
  for (const Thread& thread : threads) {
    if (thread.state != State::DONE) {
      throw std::runtime_error("Threads of a block wait at different barriers");
    }
  }
}
} // namespace

float* shared_memory() { return memory.data(); }

const Slot* exchange(const void* value, int size) {
  int index = running;
  // Two sets of slots in turn: a lane may come to its next exchange before its neighbours read.
  Slot* set = slots.data() + (threads[index].shuffles++ % 2) * threads.size();
  std::memcpy(set[index].bytes, value, size);
  wait(State::AT_WARP);
  return set + index / 32 * 32;
}

static float shown(const Slot& lane, int index) {
  float value;
  std::memcpy(&value, lane.bytes + 4 * index, 4);
  return value;
}

void mma(float (&c)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
  unsigned factors[6] = {a[0], a[1], a[2], a[3], b[0], b[1]};
  const Slot* lanes = exchange(factors, sizeof(factors));
  int lane = threadIdx.x % 32;
  int column = 2 * (lane % 4);
  for (int k = 0; k < 8; k++) {
    const Slot& row = lanes[lane / 4 * 4 + k % 4];
    float low = shown(row, 2 * (k / 4));
    float high = shown(row, 2 * (k / 4) + 1);
    float left = shown(lanes[column * 4 + k % 4], 4 + k / 4);
    float right = shown(lanes[column * 4 + 4 + k % 4], 4 + k / 4);
    c[0] += low * left;
    c[1] += low * right;
    c[2] += high * left;
    c[3] += high * right;
  }
}

unsigned tf32(float value) {
  unsigned bits;
  std::memcpy(&bits, &value, 4);
  bool finite = (bits & 0x7f800000) != 0x7f800000;
  return finite ? (bits + 0x1000) & ~0x1fffu : bits;
}

void run(Dimensions grid, Dimensions block, int shared_bytes, const std::function<void()>& kernel) {
  gridDim = grid;
  blockDim = block;
  body = &kernel;
  memory.assign(shared_bytes / 4 + 1, NAN);
  for (unsigned z = 0; z < grid.z; z++) {
    for (unsigned y = 0; y < grid.y; y++) {
      for (unsigned x = 0; x < grid.x; x++) {
        blockIdx = {x, y, z};
        run_block();
      }
    }
  }
}
} // namespace emulation

void __syncthreads() { emulation::wait(emulation::State::AT_BLOCK); }
