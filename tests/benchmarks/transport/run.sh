#!/usr/bin/env bash
# Rounds without computation, 10 of each kind; the last lines of a run are the median, least and most
# seconds of rounds 4 to 10 by path, and the bytes that each process sent.
# Usage: run.sh FOLDER [quick], with an empty folder. "quick": two executors alone.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
folder="$(cd "$1" && pwd -P)"
# Executors of a local cluster get their class path from the program. The Spark home only has to
# look real.
mkdir -p "$folder/home/jars"
export SPARK_HOME="$folder/home" SPARK_SCALA_VERSION=2.13
transport() { # EXECUTORS PARAMETERS ROUNDS PROTECTION MOMENTS
  echo "== $*"
  (cd "$folder" && "$here/../program.sh" TransportBenchmark "$@")
}
transport 2 15000000 10 AUTHENTICATED AVERAGED
transport 2 15000000 10 AUTHENTICATED LOCAL
[ "${2:-}" != quick ] || exit 0
transport 2 15000000 10 ENCRYPTED AVERAGED
# Bytes, with 2 GB for all processes together.
for executors in 4 8; do
  transport "$executors" $((30000000 / executors)) 10 AUTHENTICATED AVERAGED
done
# A state of 12 KB: what remains is Spark's part and the handshakes.
for executors in 2 4 8; do
  transport "$executors" 1000 10 AUTHENTICATED AVERAGED
done
