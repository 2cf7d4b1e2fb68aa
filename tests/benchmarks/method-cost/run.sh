#!/usr/bin/env bash
# Argument: rounds (default 5).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
OMP_NUM_THREADS=1 exec "$here/../program.sh" MethodBenchmark "${1:-5}"
