#!/usr/bin/env bash
# Usage: run.sh FOLDER MODEL MACHINE [SEED...]      (seeds: 42 43 44)
#
# For each seed and each of TASKS (toxicity entities code): makes the corpus, fine-tunes MODEL
# (stories260K) on it, reveals, and releases with BLUR and with Ext-Sub without and with O-LoRA's
# penalty, on true and on revealed rows. Then measures all models and adds lines to
# FOLDER/results.csv. What ended is not run again. CLASS_PATH as for program.sh.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
mkdir -p "$1"
folder="$(cd "$1" && pwd -P)" model="$2" machine="$3"
shift 3
[ $# -gt 0 ] || set -- 42 43 44
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
commit="$(git -C "$here" rev-parse --short=7 HEAD)"
read -ra tasks <<<"${TASKS:-toxicity entities code}"
for seed in "$@"; do
  "$here/../program.sh" tasks.TaskStudy "$folder" "$model" "$here/reveal-tasks.conf" \
    "$here/../program.sh" "$(date -u +%F),$commit,,$machine" "$seed" "${tasks[@]}"
done
