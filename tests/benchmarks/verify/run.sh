#!/usr/bin/env bash
# Makes a released run, enlarges a copy of it to about 1 GB, and verifies that. Needs 2 GB of disk.
# Usage: run.sh [MEBIBYTES OF EACH OF TWO WEIGHT FILES]
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../../.." && pwd -P)"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
"$root/jobs/bin/lethe" quickstart --run-dir "$folder/run" 1>&2
export JAVA_OPTIONS="-Xmx2g -Dlog4j2.configurationFile=file:$root/conf/log4j2.properties"
"$here/../program.sh" VerifyBenchmark "$folder/run" "$folder/large" "${1:-520}"
