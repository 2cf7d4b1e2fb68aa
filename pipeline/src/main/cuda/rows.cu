// Rows in and out: copies, lookups, sums over rows and columns. One block works on one row.
#include "rows.cuh"

extern "C" __global__ void copy_rows(Window from, Window to) {
  const float* source = from.row(blockIdx.x);
  float* target = to.row(blockIdx.x);
  for (int i = threadIdx.x; i < to.columns; i += blockDim.x) {
    target[i] = source[i];
  }
}

// to[rows[n]] = from[n]
extern "C" __global__ void place_rows(Window from, const int* rows, Window to) {
  const float* source = from.row(blockIdx.x);
  float* target = to.row(rows[blockIdx.x]);
  for (int i = threadIdx.x; i < from.columns; i += blockDim.x) {
    target[i] = source[i];
  }
}

// sum += x
extern "C" __global__ void add_rows(Window x, Window sum) {
  const float* addend = x.row(blockIdx.x);
  float* row = sum.row(blockIdx.x);
  for (int i = threadIdx.x; i < sum.columns; i += blockDim.x) {
    row[i] += addend[i];
  }
}

extern "C" __global__ void clear_rows(Window x) {
  float* row = x.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    row[i] = 0;
  }
}

// x[n] += bias
extern "C" __global__ void add_row(Window bias, Window x) {
  const float* addend = bias.row(0);
  float* row = x.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    row[i] += addend[i];
  }
}

// x[n] *= factors[n]
extern "C" __global__ void scale_rows(const double* factors, Window x) {
  float factor = (float)factors[blockIdx.x];
  float* row = x.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    row[i] *= factor;
  }
}

// out = x mask + beta out
extern "C" __global__ void mask_rows(Window x, Window masks, float beta, Window out) {
  const float* row = x.row(blockIdx.x);
  const float* mask = masks.row(blockIdx.x);
  float* target = out.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    float product = row[i] * mask[i];
    target[i] = beta == 0 ? product : product + beta * target[i];
  }
}

// out[n] = table[ids[n]]
extern "C" __global__ void gather_rows(Window table, const int* ids, Window out) {
  const float* source = table.row(ids[blockIdx.x]);
  float* target = out.row(blockIdx.x);
  for (int i = threadIdx.x; i < out.columns; i += blockDim.x) {
    target[i] = source[i];
  }
}

// table[id] += all rows of that id, in order. The rows of block b's id are order[starts[b]] to
// order[starts[b + 1] - 1].
extern "C" __global__ void scatter_rows(
    Window in, const int* ids, const int* starts, const int* order, Window table) {
  int first = starts[blockIdx.x];
  int end = starts[blockIdx.x + 1];
  float* target = table.row(ids[blockIdx.x]);
  for (int i = threadIdx.x; i < table.columns; i += blockDim.x) {
    float sum = target[i];
    for (int k = first; k < end; k++) {
      sum += in.row(order[k])[i];
    }
    target[i] = sum;
  }
}

// Column sums take two steps: sums over groups of a few rows, then the sum of these. A block of
// 32 x 8 threads computes 32 columns; blockIdx.y is the group of rows.
static const int GROUP_ROWS = 64;

template <class Term>
__device__ void sum_columns(int rows, int columns, float* partial, Term term) {
  __shared__ float sums[8][33];
  int lane = threadIdx.x % 32;
  int line = threadIdx.x / 32;
  int column = blockIdx.x * 32 + lane;
  int end = min(rows, (int)(blockIdx.y + 1) * GROUP_ROWS);
  float sum = 0;
  if (column < columns) {
    for (int row = blockIdx.y * GROUP_ROWS + line; row < end; row += 8) {
      sum += term(row, column);
    }
  }
  sums[line][lane] = sum;
  __syncthreads();
  if (line == 0 && column < columns) {
    for (int other = 1; other < 8; other++) {
      sum += sums[other][lane];
    }
    partial[(long long)blockIdx.y * columns + column] = sum;
  }
}

struct Entry {
  Window x;
  __device__ float operator()(int row, int column) const { return x.row(row)[column]; }
};

struct NormWeightTerm {
  Window d_out;
  Window x;
  Window inverse;
  __device__ float operator()(int row, int column) const {
    return d_out.row(row)[column] * x.row(row)[column] * inverse.row(row)[0];
  }
};

extern "C" __global__ void column_sums(Window x, float* partial) {
  sum_columns(x.rows, x.columns, partial, Entry{x});
}

// The gradient of an RMSNorm's weight: column sums of d_out x inverse.
extern "C" __global__ void norm_weight_sums(
    Window d_out, Window x, Window inverse, float* partial) {
  sum_columns(x.rows, x.columns, partial, NormWeightTerm{d_out, x, inverse});
}

// sums += the groups' sums, in order
extern "C" __global__ void add_groups(const float* partial, int groups, Window sums) {
  int column = blockIdx.x * blockDim.x + threadIdx.x;
  if (column < sums.columns) {
    float sum = 0;
    for (int group = 0; group < groups; group++) {
      sum += partial[(long long)group * sums.columns + column];
    }
    sums.row(0)[column] += sum;
  }
}

// x[n, all columns] = values[n]
extern "C" __global__ void fill_rows(const double* values, Window x) {
  float value = (float)values[blockIdx.x];
  float* row = x.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    row[i] = value;
  }
}

// x -= y; a y of one row is subtracted from every row.
extern "C" __global__ void subtract_rows(Window y, Window x) {
  const float* subtrahend = y.row(y.rows == 1 ? 0 : blockIdx.x);
  float* row = x.row(blockIdx.x);
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    row[i] -= subtrahend[i];
  }
}

// sums[n] = sum of row n
extern "C" __global__ void row_sums(Window x, double* sums) {
  const float* row = x.row(blockIdx.x);
  double sum = 0;
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    sum += row[i];
  }
  sum = sum_block(sum);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = sum;
  }
}

// sums[n] = sum of squares of row n
extern "C" __global__ void row_squares(Window x, double* sums) {
  const float* row = x.row(blockIdx.x);
  double sum = 0;
  for (int i = threadIdx.x; i < x.columns; i += blockDim.x) {
    sum += (double)row[i] * row[i];
  }
  sum = sum_block(sum);
  if (threadIdx.x == 0) {
    sums[blockIdx.x] = sum;
  }
}

// values[i] = x[rows[i], columns[i]]
extern "C" __global__ void get_entries(
    Window x, const int* rows, const int* columns, int count, double* values) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i < count) {
    values[i] = x.row(rows[i])[columns[i]];
  }
}

// x[n, columns[n]] = values[n]
extern "C" __global__ void set_entries(Window x, const int* columns, const double* values) {
  int row = blockIdx.x * blockDim.x + threadIdx.x;
  if (row < x.rows) {
    x.row(row)[columns[row]] = (float)values[row];
  }
}
