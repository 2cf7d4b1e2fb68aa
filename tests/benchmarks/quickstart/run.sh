#!/usr/bin/env bash
# Runs the quickstart with each kernel of OpenBLAS and each seed, and adds the figures to
# results.csv in FOLDER. Finished runs are kept; start it again to go on.
# Usage: run.sh FOLDER MACHINE [SEED...] (default: 1 to 10)
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$here/../../.."
folder="$1" machine="$2"
shift 2
[ $# -gt 0 ] || set -- 1 2 3 4 5 6 7 8 9 10
mkdir -p "$folder"
runs=()
for seed in "$@"; do
  for kernel in ${KERNELS:-HASWELL ZEN SKYLAKEX}; do
    run="$folder/$kernel-$seed"
    if [ ! -e "$run/record.json" ]; then
      OPENBLAS_CORETYPE=$kernel "$root/jobs/bin/lethe" quickstart --run-dir "$run" \
        --set "lethe.quickstart.seed=$seed" --set "lethe.finetune.seed=$seed" \
        --set "lethe.unlearn.seed=$seed" || echo "$kernel-$seed ended with $?" >&2
    fi
    runs+=("$run")
  done
done
rm -f "$folder/results.csv"
commit="$(git -C "$root" rev-parse --short=7 HEAD)"
"$here/../program.sh" QuickstartRuns "$folder/results.csv" \
  "$(date -u +%F),$commit,,$machine" "${runs[@]}"
