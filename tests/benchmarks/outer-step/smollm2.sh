#!/usr/bin/env bash
# The same on SmolLM2-135M-Instruct, which recites 20 + 40 rows of TOFU. Trains the upper ten of 30
# blocks in 48 steps of 4 + 4 rows, with BFLOAT16 products, one seed in a call.
# RUN: a run of conf/smollm2-tofu.conf, of which the stages shard and finetune are enough.
# Usage: smollm2.sh RUN FOLDER SEED [KEY=VALUE...]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
run="$1" folder="$2" seed="$3"
shift 3
mkdir -p "$folder"
export OMP_NUM_THREADS=1 MALLOC_MMAP_THRESHOLD_=1048576 JAVA_OPTIONS="${JAVA_OPTIONS:--Xmx2g}"
exec "$here/../program.sh" StepStudy quality "$run/finetune/model" "$run/shards" \
  "$(mktemp -d -p "$folder")" 'train=layers.{20,21,22,23,24,25,26,27,28,29}' products=bfloat16 \
  batch=4 steps=48 rate=1e-4 seeds="$seed" \
  options="${OPTIONS:-GRADIENTS:1:1:0:AVERAGED,PARAMETERS:1:1:0:AVERAGED,PARAMETERS:4:1.5:0:AVERAGED}" "$@"
