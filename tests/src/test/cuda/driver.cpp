// A CUDA driver without a device: memory is the host's, kernels run on the CPU. Exports the
// functions of libcuda that Lethe calls, and switches with which a test makes them fail.
//
// As on a device, copies and kernels only start work, which runs later, in the order of the stream:
// here when a call waits for it. Who reuses host memory too early gets wrong numbers. Host memory of
// such copies has to be page-locked.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "kernels.h"

namespace {
const int INVALID_VALUE = 1;
const int OUT_OF_MEMORY = 2;
const int NOT_FOUND = 500;
const int LAUNCH_FAILED = 719;
const unsigned NON_BLOCKING = 1;
const int CAPTURE_UNSUPPORTED = 900;

std::mutex mutex;
typedef std::map<uintptr_t, size_t> Ranges;
Ranges allocations;
Ranges locked; // host memory
typedef std::vector<std::function<void()>> Work;
Work stream;
Work captured;
bool capturing;
std::map<std::string, long long> launches;
size_t used;
int driver_version = 12080;
int devices = 1;
int capability = 90;
long long memory_bytes = 8LL << 30;
std::string failing;
int calls_before_failure;
int failure_code;

// The only stream. Work in the legacy stream would not be ordered with it.
void* const STREAM = &stream;

void enqueue(const std::function<void()>& work) {
  (capturing ? captured : stream).push_back(work);
}

// The code that a test has ordered for this call, or 0. A lost device stays lost.
int ordered(const char* function) {
  if (failing != function && failing != "every call") {
    return 0;
  }
  if (calls_before_failure > 0) {
    calls_before_failure--;
    return 0;
  }
  return failure_code;
}

// Whether the bytes lie inside one range.
bool inside(const Ranges& ranges, const void* pointer, size_t bytes) {
  auto after = ranges.upper_bound((uintptr_t)pointer);
  if (after == ranges.begin()) {
    return false;
  }
  auto range = std::prev(after);
  return (uintptr_t)pointer + bytes <= range->first + range->second;
}

// Does all work of the stream. If a kernel fails, so does this call, and all later ones.
int finish() {
  Work work;
  work.swap(stream);
  if (failing == "a kernel" && !work.empty()) {
    failing = "every call";
    calls_before_failure = 0;
    return failure_code;
  }
  try {
    for (const auto& one : work) {
      one();
    }
    return 0;
  } catch (const std::exception& e) {
    fprintf(stderr, "%s\n", e.what());
    failing = "every call";
    calls_before_failure = 0;
    failure_code = LAUNCH_FAILED;
    return LAUNCH_FAILED;
  }
}
} // namespace

// Of a call that a capture does not allow.
#define CALL_OUTSIDE_CAPTURE(function)            \
  CALL(function)                                  \
  if (capturing) {                                \
    return CAPTURE_UNSUPPORTED;                   \
  }

#define CALL(function)                            \
  std::lock_guard<std::mutex> lock(mutex);        \
  if (int code = ordered(function)) {             \
    return code;                                  \
  }

extern "C" {

// Switches of the tests.

void emulation_reset() {
  std::lock_guard<std::mutex> lock(mutex);
  // Work of a device that was not lost belongs to its user, who goes on with it.
  finish();
  driver_version = 12080;
  devices = 1;
  capability = 90;
  memory_bytes = 8LL << 30;
  failing = "";
}

void emulation_device(int version, int count, int compute_capability, long long bytes) {
  std::lock_guard<std::mutex> lock(mutex);
  driver_version = version;
  devices = count;
  capability = compute_capability;
  memory_bytes = bytes;
}

// The given function ("every call": all of them) returns the code after so many more calls. "a
// kernel": the stream's next work fails, and with it the call that waits for it and all later ones.
void emulation_fail(const char* function, int calls, int code) {
  std::lock_guard<std::mutex> lock(mutex);
  failing = function;
  calls_before_failure = calls;
  failure_code = code;
}

long long emulation_used_bytes() {
  std::lock_guard<std::mutex> lock(mutex);
  return used;
}

// Number of launches of a kernel since the start of the process.
long long emulation_launches(const char* name) {
  std::lock_guard<std::mutex> lock(mutex);
  return launches[name];
}

// Appends work of cuBLAS to the stream.
void emulation_append(const std::function<void()>& work) {
  std::lock_guard<std::mutex> lock(mutex);
  enqueue(work);
}

// The driver.

int cuInit(unsigned) {
  CALL("cuInit")
  return 0;
}

int cuDriverGetVersion(int* version) {
  CALL("cuDriverGetVersion")
  *version = driver_version;
  return 0;
}

int cuDeviceGetCount(int* count) {
  CALL("cuDeviceGetCount")
  *count = devices;
  return 0;
}

int cuDeviceGet(int* device, int ordinal) {
  CALL("cuDeviceGet")
  *device = ordinal;
  return ordinal < devices ? 0 : 101;
}

int cuDeviceGetName(char* name, int length, int) {
  CALL("cuDeviceGetName")
  snprintf(name, length, "Emulated device");
  return 0;
}

int cuDeviceGetAttribute(int* value, int attribute, int) {
  CALL("cuDeviceGetAttribute")
  switch (attribute) {
    case 75:
      *value = capability / 10;
      return 0;
    case 76:
      *value = capability % 10;
      return 0;
    default:
      return INVALID_VALUE;
  }
}

int cuDevicePrimaryCtxRetain(void** context, int) {
  CALL("cuDevicePrimaryCtxRetain")
  *context = &allocations;
  return 0;
}

int cuCtxSetCurrent(void*) {
  CALL("cuCtxSetCurrent")
  return 0;
}

int cuStreamCreate(void** created, unsigned flags) {
  CALL("cuStreamCreate")
  *created = STREAM;
  return flags == NON_BLOCKING ? 0 : INVALID_VALUE;
}

int cuStreamSynchronize(void* waited) {
  CALL_OUTSIDE_CAPTURE("cuStreamSynchronize")
  return waited == STREAM ? finish() : INVALID_VALUE;
}

int cuStreamBeginCapture_v2(void* in, int) {
  CALL_OUTSIDE_CAPTURE("cuStreamBeginCapture_v2")
  capturing = in == STREAM;
  captured.clear();
  return capturing ? 0 : INVALID_VALUE;
}

int cuStreamEndCapture(void*, void** graph) {
  // Of failures too, so that the stream can be used again.
  std::lock_guard<std::mutex> lock(mutex);
  capturing = false;
  *graph = new Work(captured);
  return ordered("cuStreamEndCapture");
}

int cuGraphInstantiateWithFlags(void** executable, void* graph, unsigned long long) {
  CALL_OUTSIDE_CAPTURE("cuGraphInstantiateWithFlags")
  *executable = new Work(*(Work*)graph);
  return 0;
}

int cuGraphDestroy(void* graph) {
  CALL("cuGraphDestroy")
  delete (Work*)graph;
  return 0;
}

int cuGraphExecDestroy(void* executable) {
  CALL("cuGraphExecDestroy")
  delete (Work*)executable;
  return 0;
}

int cuGraphLaunch(void* executable, void* in) {
  CALL_OUTSIDE_CAPTURE("cuGraphLaunch")
  const Work& work = *(Work*)executable;
  stream.insert(stream.end(), work.begin(), work.end());
  launches["cuGraphLaunch"]++;
  return in == STREAM ? 0 : INVALID_VALUE;
}

int cuMemGetInfo_v2(size_t* available, size_t* total) {
  CALL("cuMemGetInfo_v2")
  *available = memory_bytes - used;
  *total = memory_bytes;
  return 0;
}

int cuMemAlloc_v2(void** pointer, size_t bytes) {
  CALL_OUTSIDE_CAPTURE("cuMemAlloc_v2")
  if (used + bytes > (size_t)memory_bytes) {
    return OUT_OF_MEMORY;
  }
  *pointer = malloc(bytes);
  // NaN, so that reading what nobody wrote shows.
  memset(*pointer, 0xff, bytes);
  allocations[(uintptr_t)*pointer] = bytes;
  used += bytes;
  return 0;
}

int cuMemFree_v2(void* pointer) {
  CALL_OUTSIDE_CAPTURE("cuMemFree_v2")
  auto found = allocations.find((uintptr_t)pointer);
  if (found == allocations.end()) {
    return INVALID_VALUE;
  }
  int code = finish();
  used -= found->second;
  allocations.erase(found);
  free(pointer);
  return code;
}

int cuMemHostAlloc(void** pointer, size_t bytes, unsigned) {
  CALL("cuMemHostAlloc")
  *pointer = malloc(bytes);
  locked[(uintptr_t)*pointer] = bytes;
  return 0;
}

int cuMemcpyHtoDAsync_v2(void* device, const void* host, size_t bytes, void* in) {
  CALL_OUTSIDE_CAPTURE("cuMemcpyHtoDAsync_v2")
  if (in != STREAM || !inside(allocations, device, bytes) || !inside(locked, host, bytes)) {
    return INVALID_VALUE;
  }
  stream.push_back([=] { memcpy(device, host, bytes); });
  return 0;
}

int cuMemcpyDtoHAsync_v2(void* host, void* device, size_t bytes, void* in) {
  CALL_OUTSIDE_CAPTURE("cuMemcpyDtoHAsync_v2")
  if (in != STREAM || !inside(allocations, device, bytes) || !inside(locked, host, bytes)) {
    return INVALID_VALUE;
  }
  stream.push_back([=] { memcpy(host, device, bytes); });
  return 0;
}

int cuMemcpyDtoDAsync_v2(void* to, void* from, size_t bytes, void* in) {
  CALL("cuMemcpyDtoDAsync_v2")
  if (in != STREAM || !inside(allocations, from, bytes) || !inside(allocations, to, bytes)) {
    return INVALID_VALUE;
  }
  enqueue([=] { memmove(to, from, bytes); });
  return 0;
}

int cuModuleLoadDataEx(void** module, const void*, unsigned, int*, void**) {
  CALL("cuModuleLoadDataEx")
  *module = &allocations;
  return 0;
}

int cuModuleGetFunction(void** function, void*, const char* name) {
  CALL("cuModuleGetFunction")
  auto found = kernels().find(name);
  if (found == kernels().end()) {
    return NOT_FOUND;
  }
  *function = &*found;
  return 0;
}

int cuFuncSetAttribute(void*, int, int) {
  CALL("cuFuncSetAttribute")
  return 0;
}

int cuLaunchKernel(
    void* function,
    unsigned grid_x,
    unsigned grid_y,
    unsigned grid_z,
    unsigned block_x,
    unsigned block_y,
    unsigned block_z,
    unsigned shared_bytes,
    void* in,
    void** parameters,
    void**) {
  CALL("cuLaunchKernel")
  unsigned threads = block_x * block_y * block_z;
  bool valid = grid_x > 0 && grid_y > 0 && grid_z > 0 && grid_y < 65536 && grid_z < 65536 &&
      threads > 0 && threads <= 1024 && shared_bytes <= 101376 && in == STREAM;
  if (!valid) {
    return INVALID_VALUE;
  }
  const auto& named = *(const std::pair<const std::string, Kernel>*)function;
  launches[named.first]++;
  enqueue(named.second(
      {grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared_bytes, parameters));
  return 0;
}

int cuGetErrorName(int code, const char** name) {
  switch (code) {
    case INVALID_VALUE:
      *name = "CUDA_ERROR_INVALID_VALUE";
      return 0;
    case OUT_OF_MEMORY:
      *name = "CUDA_ERROR_OUT_OF_MEMORY";
      return 0;
    case 100:
      *name = "CUDA_ERROR_NO_DEVICE";
      return 0;
    case 802:
      *name = "CUDA_ERROR_SYSTEM_NOT_READY";
      return 0;
    case 700:
      *name = "CUDA_ERROR_ILLEGAL_ADDRESS";
      return 0;
    case CAPTURE_UNSUPPORTED:
      *name = "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED";
      return 0;
    case 901:
      *name = "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED";
      return 0;
    case 719:
      *name = "CUDA_ERROR_LAUNCH_FAILED";
      return 0;
    default:
      return INVALID_VALUE;
  }
}
}
