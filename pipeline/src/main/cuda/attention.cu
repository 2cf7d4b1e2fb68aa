// Causal attention within each sequence, in tiles that stay in shared memory (Dao et al., arXiv
// 2205.14135). Queries, keys and values are side by side in a row of qkv.
// A block works on tiles of TILE rows. SPLIT of its warps share 16 rows: each of them computes all
// scores of these rows and its own part of the columns of the sums. Products run on tensor cores.
// The result of a product stays in the warp's registers and is a factor of the next one: columns
// 2 place and 2 place + 1 of the result serve as columns place and place + 4 of the factor, and the
// other factor's rows are read in that order.
#include "heads.cuh"
#include "mma.cuh"

static const int SIDE = 16; // rows of a warp

// SIZE is the head size, rounded up; columns above the head size are 0. PART is the number of
// scores of a row that are processed at a time.
template <int SIZE, int TILE, int PART, int SPLIT, bool EXACT>
struct Tiles {
  static const int WIDTH = SIZE + 4; // lanes that read together then hit different banks
  static const int VECTORS = TILE * WIDTH;
  static const int COLUMNS = SIZE / SPLIT / 8;
  static const int PARTS = PART / 8;

  // Copies the existing rows of base ... base + TILE - 1 of a sequence.
  OUT_OF_LINE __device__ static void load(
      const float* from, long long stride, int base, int length, int size, float scale, float* to) {
    // A thread starts many loads before it needs the first number.
    const int BATCH = 16;
#pragma unroll 1
    for (int start = threadIdx.x; start < TILE * SIZE; start += BATCH * blockDim.x) {
      float values[BATCH];
#pragma unroll
      for (int k = 0; k < BATCH; k++) {
        int i = start + k * blockDim.x;
        int row = base + i / SIZE;
        int column = i % SIZE;
        values[k] = row < length && column < size ? from[row * stride + column] : 0;
      }
#pragma unroll
      for (int k = 0; k < BATCH; k++) {
        int i = start + k * blockDim.x;
        to[i / SIZE * WIDTH + i % SIZE] = scale * values[k];
      }
    }
  }

  __device__ static int first_row() { return SIDE * (threadIdx.x / 32 / SPLIT); }
  __device__ static int first_column() { return threadIdx.x / 32 % SPLIT * (SIZE / SPLIT); }
  __device__ static int row() { return threadIdx.x % 32 / 4; }
  __device__ static int place() { return threadIdx.x % 4; }

  // products[j] = this warp's rows of a times rows from + 8 j ... of b
  __device__ static void multiply(
      const float* a, const float* b, int from, float (&products)[PARTS][4]) {
    for (int j = 0; j < PARTS; j++) {
      for (int i = 0; i < 4; i++) {
        products[j][i] = 0;
      }
    }
    const float* left = a + (first_row() + row()) * WIDTH + place();
    const float* right = b + (from + row()) * WIDTH + place();
#pragma unroll 1
    for (int k = 0; k < SIZE; k += 8) {
      Factor<4, EXACT> x;
      x.set(0, left[k]);
      x.set(1, left[k + 8 * WIDTH]);
      x.set(2, left[k + 4]);
      x.set(3, left[k + 8 * WIDTH + 4]);
      for (int j = 0; j < PARTS; j++) {
        Factor<2, EXACT> y;
        y.set(0, right[8 * j * WIDTH + k]);
        y.set(1, right[8 * j * WIDTH + k + 4]);
        add_product(products[j], x, y);
      }
    }
  }

  // scores = cap tanh(scores / cap) if there is a cap
  __device__ static void soft_cap(float cap, float (&scores)[PARTS][4]) {
    if (cap > 0) {
      for (int j = 0; j < PARTS; j++) {
        for (int i = 0; i < 4; i++) {
          scores[j][i] = cap * tanhf(scores[j][i] / cap);
        }
      }
    }
  }

  // sums += scores times rows from ... from + PART - 1 of vectors
  __device__ static void add(
      const float (&scores)[PARTS][4], const float* vectors, int from, float (&sums)[COLUMNS][4]) {
#pragma unroll
    for (int j = 0; j < PARTS; j++) {
      Factor<4, EXACT> x;
      x.set(0, scores[j][0]);
      x.set(1, scores[j][2]);
      x.set(2, scores[j][1]);
      x.set(3, scores[j][3]);
      const float* right = vectors + (from + 8 * j + 2 * place()) * WIDTH + first_column() + row();
#pragma unroll
      for (int c = 0; c < COLUMNS; c++) {
        Factor<2, EXACT> y;
        y.set(0, right[8 * c]);
        y.set(1, right[8 * c + WIDTH]);
        add_product(sums[c], x, y);
      }
    }
  }

  __device__ static void clear(float (&sums)[COLUMNS][4]) {
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) {
      for (int i = 0; i < 4; i++) {
        sums[c][i] = 0;
      }
    }
  }

  // Row of a sequence and column of a result that element i of a group of 8 columns belongs to.
  __device__ static int row_of(int i) { return first_row() + row() + (i < 2 ? 0 : 8); }
  __device__ static int column_of(int i) { return 2 * place() + i % 2; }

  // Writes factor sums to rows base ... of a sequence.
  __device__ static void write(
      const float (&sums)[COLUMNS][4],
      float factor,
      float* to,
      long long stride,
      int base,
      int length,
      int size) {
#pragma unroll
    for (int c = 0; c < COLUMNS; c++) {
      for (int i = 0; i < 4; i++) {
        int target = base + row_of(i);
        int column = first_column() + 8 * c + column_of(i);
        if (target < length && column < size) {
          to[target * stride + column] = factor * sums[c][i];
        }
      }
    }
  }
};

// out[n, h] = softmax(q k scale) v. log_sums = log of the softmax's denominators, for the backward
// pass. blockIdx: tile of queries (long ones first), query head, sequence.
template <int SIZE, int TILE, int PART, int SPLIT, bool EXACT>
__device__ void attend(Heads heads, const int* starts, Window qkv, Window log_sums, Window out) {
  typedef Tiles<SIZE, TILE, PART, SPLIT, EXACT> T;
  SHARED_MEMORY(shared);
  float* queries = shared;
  float* keys = queries + T::VECTORS;
  float* values = keys + T::VECTORS;
  int head = blockIdx.y;
  int first = starts[blockIdx.z];
  int length = starts[blockIdx.z + 1] - first;
  int base = (gridDim.x - 1 - blockIdx.x) * TILE;
  if (base >= length) {
    return;
  }
  int size = heads.size;
  int shared_head = head / (heads.query / heads.key_value);
  const float* rows = qkv.row(first);
  const float* all_keys = rows + (heads.query + shared_head) * size;
  const float* all_values = all_keys + heads.key_value * size;

  T::load(rows + head * size, qkv.stride, base, length, size, heads.scale, queries);
  float sums[T::COLUMNS][4];
  T::clear(sums);
  float maxima[2] = {MINUS_INFINITY, MINUS_INFINITY}; // of rows row and row + 8
  float denominators[2] = {0, 0};
  for (int from = heads.first_key(base) / TILE * TILE; from <= base; from += TILE) {
    __syncthreads();
    T::load(all_keys, qkv.stride, from, length, size, 1, keys);
    T::load(all_values, qkv.stride, from, length, size, 1, values);
    __syncthreads();
#pragma unroll 1
    for (int part = 0; part < TILE && from + part <= base + TILE - 1; part += PART) {
      float s[T::PARTS][4];
      T::multiply(queries, keys, part, s);
      T::soft_cap(heads.cap, s);
      for (int half = 0; half < 2; half++) {
        float maximum = maxima[half];
        for (int j = 0; j < T::PARTS; j++) {
          for (int i = 2 * half; i < 2 * half + 2; i++) {
            int key = from + part + 8 * j + T::column_of(i);
            if (!heads.sees(base + T::row_of(i), key) || key >= length) {
              s[j][i] = MINUS_INFINITY;
            }
            maximum = Maximum::of(s[j][i], maximum);
          }
        }
        maximum = reduce_lanes<Maximum>(maximum, 4);
        // This part has no visible key: the row is beyond the sequence or before the part.
        float shift = maximum == MINUS_INFINITY ? 0 : maximum;
        float sum = 0;
        for (int j = 0; j < T::PARTS; j++) {
          for (int i = 2 * half; i < 2 * half + 2; i++) {
            s[j][i] = expf(s[j][i] - shift);
            sum += s[j][i];
          }
        }
        float kept = expf(maxima[half] - shift);
        denominators[half] = denominators[half] * kept + reduce_lanes<Sum>(sum, 4);
        maxima[half] = maximum;
#pragma unroll
        for (int c = 0; c < T::COLUMNS; c++) {
          sums[c][2 * half] *= kept;
          sums[c][2 * half + 1] *= kept;
        }
      }
      T::add(s, values, part, sums);
    }
  }
  for (int half = 0; half < 2; half++) {
    int query = base + T::row_of(2 * half);
    if (T::place() == 0 && T::first_column() == 0 && query < length) {
      log_sums.row(first + query)[head] = maxima[half] + logf(denominators[half]);
    }
#pragma unroll
    for (int c = 0; c < T::COLUMNS; c++) {
      sums[c][2 * half] /= denominators[half];
      sums[c][2 * half + 1] /= denominators[half];
    }
  }
  T::write(sums, 1, out.row(first) + head * size, out.stride, base, length, size);
}

// overlaps[n, h] = d_out out, which the softmax's gradient subtracts. A warp works on one head of
// one row.
extern "C" __global__ void attention_overlaps(
    Heads heads, Window d_out, Window out, Window overlaps) {
  int head = blockIdx.y * (blockDim.x / 32) + threadIdx.x / 32;
  if (head >= heads.query) {
    return;
  }
  const float* a = d_out.row(blockIdx.x) + head * heads.size;
  const float* b = out.row(blockIdx.x) + head * heads.size;
  float sum = 0;
  for (int i = threadIdx.x % 32; i < heads.size; i += 32) {
    sum += a[i] * b[i];
  }
  sum = reduce_lanes<Sum>(sum, 32);
  if (threadIdx.x % 32 == 0) {
    overlaps.row(blockIdx.x)[head] = sum;
  }
}

// The gradient of the queries. blockIdx as for attend.
template <int SIZE, int TILE, int PART, int SPLIT, bool EXACT>
__device__ void attend_queries(
    Heads heads,
    const int* starts,
    Window d_out,
    Window qkv,
    Window log_sums,
    Window overlaps,
    Window d_qkv) {
  typedef Tiles<SIZE, TILE, PART, SPLIT, EXACT> T;
  SHARED_MEMORY(shared);
  float* queries = shared;
  float* gradients = queries + T::VECTORS;
  float* keys = gradients + T::VECTORS;
  float* values = keys + T::VECTORS;
  int head = blockIdx.y;
  int first = starts[blockIdx.z];
  int length = starts[blockIdx.z + 1] - first;
  int base = (gridDim.x - 1 - blockIdx.x) * TILE;
  if (base >= length) {
    return;
  }
  int size = heads.size;
  int shared_head = head / (heads.query / heads.key_value);
  const float* rows = qkv.row(first);
  const float* all_keys = rows + (heads.query + shared_head) * size;
  const float* all_values = all_keys + heads.key_value * size;

  T::load(rows + head * size, qkv.stride, base, length, size, heads.scale, queries);
  T::load(d_out.row(first) + head * size, d_out.stride, base, length, size, 1, gradients);
  float inverse_cap = heads.inverse_cap();
  float log_sum[2];
  float overlap[2];
  for (int half = 0; half < 2; half++) {
    int row = first + min(base + T::row_of(2 * half), length - 1);
    log_sum[half] = log_sums.row(row)[head];
    overlap[half] = overlaps.row(row)[head];
  }
  float sums[T::COLUMNS][4];
  T::clear(sums);
  for (int from = heads.first_key(base) / TILE * TILE; from <= base; from += TILE) {
    __syncthreads();
    T::load(all_keys, qkv.stride, from, length, size, 1, keys);
    T::load(all_values, qkv.stride, from, length, size, 1, values);
    __syncthreads();
#pragma unroll 1
    for (int part = 0; part < TILE; part += PART) {
      float p[T::PARTS][4];
      float d[T::PARTS][4];
      T::multiply(queries, keys, part, p);
      T::multiply(gradients, values, part, d);
      T::soft_cap(heads.cap, p);
      for (int j = 0; j < T::PARTS; j++) {
        for (int i = 0; i < 4; i++) {
          int key = from + part + 8 * j + T::column_of(i);
          int query = base + T::row_of(i);
          bool seen = heads.sees(query, key) && query < length;
          float weight = expf(p[j][i] - log_sum[i / 2]);
          float slope = cap_slope(p[j][i], inverse_cap);
          p[j][i] = seen ? weight * (d[j][i] - overlap[i / 2]) * slope : 0;
        }
      }
      T::add(p, keys, part, sums);
    }
  }
  T::write(sums, heads.scale, d_qkv.row(first) + head * size, d_qkv.stride, base, length, size);
}

// The gradients of keys and values. blockIdx: tile of keys, key/value head, sequence.
template <int SIZE, int TILE, int PART, int SPLIT, bool EXACT>
__device__ void attend_keys(
    Heads heads,
    const int* starts,
    Window d_out,
    Window qkv,
    Window log_sums,
    Window overlaps,
    Window d_qkv) {
  typedef Tiles<SIZE, TILE, PART, SPLIT, EXACT> T;
  SHARED_MEMORY(shared);
  float* keys = shared;
  float* values = keys + T::VECTORS;
  float* queries = values + T::VECTORS;
  float* gradients = queries + T::VECTORS;
  float* logs = gradients + T::VECTORS; // of the tile's queries
  float* overlap = logs + TILE;
  int first = starts[blockIdx.z];
  int length = starts[blockIdx.z + 1] - first;
  int base = blockIdx.x * TILE;
  if (base >= length) {
    return;
  }
  float inverse_cap = heads.inverse_cap();
  int end = (int)min((long long)length, (long long)base + TILE - 1 + heads.window);
  int size = heads.size;
  int group = heads.query / heads.key_value;
  long long key_column = (heads.query + blockIdx.y) * size;
  long long value_column = key_column + heads.key_value * size;
  const float* rows = qkv.row(first);

  T::load(rows + key_column, qkv.stride, base, length, size, 1, keys);
  T::load(rows + value_column, qkv.stride, base, length, size, 1, values);
  float key_sums[T::COLUMNS][4];
  float value_sums[T::COLUMNS][4];
  T::clear(key_sums);
  T::clear(value_sums);
  for (int head = blockIdx.y * group; head < (blockIdx.y + 1) * group; head++) {
    for (int from = base; from < end; from += TILE) {
      __syncthreads();
      T::load(rows + head * size, qkv.stride, from, length, size, heads.scale, queries);
      T::load(d_out.row(first) + head * size, d_out.stride, from, length, size, 1, gradients);
      for (int i = threadIdx.x; i < TILE; i += blockDim.x) {
        int row = first + min(from + i, length - 1);
        logs[i] = log_sums.row(row)[head];
        overlap[i] = overlaps.row(row)[head];
      }
      __syncthreads();
#pragma unroll 1
      for (int part = 0; part < TILE; part += PART) {
        float p[T::PARTS][4];
        float d[T::PARTS][4];
        T::multiply(keys, queries, part, p);
        T::multiply(values, gradients, part, d);
        T::soft_cap(heads.cap, p);
        for (int j = 0; j < T::PARTS; j++) {
          for (int i = 0; i < 4; i++) {
            int column = part + 8 * j + T::column_of(i);
            int query = from + column;
            bool seen = heads.sees(query, base + T::row_of(i)) && query < length;
            float slope = cap_slope(p[j][i], inverse_cap);
            p[j][i] = seen ? expf(p[j][i] - logs[column]) : 0;
            d[j][i] = p[j][i] * (d[j][i] - overlap[column]) * slope;
          }
        }
        T::add(p, gradients, part, value_sums);
        T::add(d, queries, part, key_sums);
      }
    }
  }
  float* target = d_qkv.row(first);
  T::write(key_sums, 1, target + key_column, d_qkv.stride, base, length, size);
  T::write(value_sums, 1, target + value_column, d_qkv.stride, base, length, size);
}

// Kernels for one rounded head size and precision. Tiles fit into 99 KB of shared memory.
#define ATTENTION(NAME, SIZE, TILE, PART, SPLIT, EXACT)                                           \
  extern "C" __global__ void __launch_bounds__(2 * TILE * SPLIT) attend_##NAME(                   \
      Heads heads, const int* starts, Window qkv, Window log_sums, Window out) {                  \
    attend<SIZE, TILE, PART, SPLIT, EXACT>(heads, starts, qkv, log_sums, out);                    \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(2 * TILE * SPLIT) attend_queries_##NAME(           \
      Heads heads, const int* starts, Window d_out, Window qkv, Window log_sums, Window overlaps, \
      Window d_qkv) {                                                                             \
    attend_queries<SIZE, TILE, PART, SPLIT, EXACT>(                                               \
        heads, starts, d_out, qkv, log_sums, overlaps, d_qkv);                                    \
  }                                                                                               \
  extern "C" __global__ void __launch_bounds__(2 * TILE * SPLIT) attend_keys_##NAME(              \
      Heads heads, const int* starts, Window d_out, Window qkv, Window log_sums, Window overlaps, \
      Window d_qkv) {                                                                             \
    attend_keys<SIZE, TILE, PART, SPLIT, EXACT>(                                                  \
        heads, starts, d_out, qkv, log_sums, overlaps, d_qkv);                                    \
  }

ATTENTION(float_64, 64, 64, 32, 1, true)
ATTENTION(float_128, 128, 32, 32, 1, true)
ATTENTION(float_256, 256, 16, 16, 2, true)
ATTENTION(tf32_64, 64, 64, 32, 1, false)
ATTENTION(tf32_128, 128, 32, 32, 1, false)
ATTENTION(tf32_256, 256, 16, 16, 2, false)
