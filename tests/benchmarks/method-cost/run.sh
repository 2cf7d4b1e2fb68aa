#!/usr/bin/env bash
# Arguments: rounds (default 5), names to measure, separated by commas (default: all).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
OMP_NUM_THREADS=1 exec "$here/../program.sh" MethodBenchmark "${@:-5}"
