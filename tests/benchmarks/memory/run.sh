#!/usr/bin/env bash
# Linux only. The heap is touched at start, so that it does not count.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
export OMP_NUM_THREADS=1 JAVA_OPTIONS="-Xms512m -Xmx512m -XX:+AlwaysPreTouch"
"$here/../program.sh" MemoryBenchmark 8 128 6
"$here/../program.sh" MemoryBenchmark 8 128 12
"$here/../program.sh" MemoryBenchmark 16 256 6
