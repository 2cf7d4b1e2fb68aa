#!/usr/bin/env bash
# Runs Lethe and transformers in turn and prints lines of CSV. PYTHON needs torch and transformers as
# tests/parity/requirements.txt names them; with CLASS_PATH, program.sh does not compile for each
# program.
# Usage: run.sh [PAIRS [ROUNDS]]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
pairs="${1:-3}"
rounds="${2:-3}"
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" JAVA_OPTIONS="${JAVA_OPTIONS:--Xmx2g}"
echo "program,shape,products,weights,what,median_ms,best_ms,processor_ms,gflop_per_s"
for ((pair = 0; pair < pairs; pair++)); do
  for shape in stories15m smollm2; do
    for weights in float bf16; do
      for products in float bfloat16; do
        "$here/../program.sh" DecodingBenchmark "$shape" "$products" "$weights" "$rounds" 16 32 64
      done
      "${PYTHON:-python3}" "$here/torch_decoding.py" "$shape" float "$weights" "$rounds" 16 32 64
    done
  done
done
echo "load at the end: $(cut -d' ' -f1-3 /proc/loadavg)" >&2
