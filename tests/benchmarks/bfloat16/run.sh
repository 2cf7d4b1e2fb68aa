#!/usr/bin/env bash
# Runs Lethe's and PyTorch's passes in turn, with two threads each, and prints lines of CSV.
# Usage: run.sh [PAIRS [ROUNDS]]. PYTHON needs torch and transformers as
# tests/parity/requirements.txt names them; with CLASS_PATH, program.sh does not compile for each
# program. Run it on an idle machine.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
pairs="${1:-5}"
rounds="${2:-3}"
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-2}" JAVA_OPTIONS="-Xmx2g"
lethe() { # SHAPE PRODUCTS TRAINED LENGTH
  "$here/../program.sh" PassBenchmark "$1" "$2" "$3" "$rounds" 8 "$4"
}
pytorch() { # SHAPE PRODUCTS LENGTH
  "${PYTHON:-python3}" "$here/torch_passes.py" "$1" "$2" "$rounds" 8 "$3"
}
echo "program,shape,products,trained,what,median_ms,best_ms,processor_ms,gflop_per_s"
for ((pair = 0; pair < pairs; pair++)); do
  for shape in "smollm2 256" "stories15m 128"; do
    read -r name length <<<"$shape"
    for products in float bfloat16; do
      lethe "$name" "$products" full "$length"
      pytorch "$name" "$products" "$length"
    done
  done
done
# LoRA with frozen weights in FLOAT and in 16 bits.
for ((pair = 0; pair < pairs; pair++)); do
  for products in float bfloat16; do
    lethe smollm2 "$products" lora 256
    lethe smollm2 "$products" lora-bf16 256
  done
done
echo "load at the end: $(cut -d' ' -f1-3 /proc/loadavg)" >&2
