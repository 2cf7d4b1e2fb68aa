#!/usr/bin/env bash
# Usage: run.sh
# Needs SPARK_HOME, a folder with an empty folder jars, and SPARK_SCALA_VERSION=2.13.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
for executors in 2 4 8; do
  "$here/../program.sh" TransportBenchmark "$executors" $((30000000 / executors)) 10 AUTHENTICATED
done
"$here/../program.sh" TransportBenchmark 2 15000000 10 ENCRYPTED
