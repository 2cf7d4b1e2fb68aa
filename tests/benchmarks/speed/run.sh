#!/usr/bin/env bash
# Runs Lethe's and PyTorch's passes in turn, with two threads each. PYTHON needs torch and
# transformers as tests/parity/requirements.txt names them.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
# OpenBLAS does not know newer AMD processors; this name makes it use AVX-512.
export OMP_NUM_THREADS=2 OPENBLAS_CORETYPE="${OPENBLAS_CORETYPE:-SKYLAKEX}"
JAVA_OPTIONS="-Xmx2g -Dorg.bytedeco.javacpp.platform.extension=-onednn-avx512" \
  "$here/../program.sh" ForwardBackwardBenchmark 8
"${PYTHON:-python3}" "$here/../../parity/bench_forward_backward.py" 5
