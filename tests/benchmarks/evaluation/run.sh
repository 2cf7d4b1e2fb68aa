#!/usr/bin/env bash
# Usage: run.sh MODEL TOFU FOLDER, with stories15M, TOFU's folder and an empty folder.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
sed -n 's/^model name[^:]*: /CPU: /p' /proc/cpuinfo | head -n 1
export OMP_NUM_THREADS=2 OPENBLAS_CORETYPE="${OPENBLAS_CORETYPE:-SKYLAKEX}" JAVA_OPTIONS=-Xmx3g
"$here/../program.sh" EvaluationBenchmark "$1" "$2" "$3" 400
OMP_NUM_THREADS=1 "$here/../program.sh" PrefixBenchmark stories15m
