#!/usr/bin/env bash
# Shards and searches made-up corpora on two executors of 2 GB with a driver of 1 GB, and prints a
# table of time and memory. Needs about 2 KB of disk a row in WORK.
# Usage: run.sh MODEL_DIRECTORY [ROWS...]; default rows: 1000000 5000000 20000000.
# The MACHINE variable names the machine in lines for results.csv.
# WORK: working folder (default: a new one in TMPDIR, deleted at the end). MODES: sample all find.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../../.." && pwd -P)"
model="$(cd "$1" && pwd -P)"
shift
[ $# -gt 0 ] || set -- 1000000 5000000 20000000
if [ -z "${WORK:-}" ]; then
  WORK="$(mktemp -d)"
  trap 'rm -rf "$WORK"' EXIT
fi
mkdir -p "$WORK/home/jars"
csv="$WORK/results.csv"
path="${CLASS_PATH:-}"
if [ -z "$path" ]; then
  (cd "$root" && mvn -q -B -ntp -Dspotless.check.skip test-compile dependency:build-classpath \
    -Dmdep.outputFile="$WORK/classpath" 1>&2)
  path="$root/tests/target/test-classes:$root/jobs/target/classes:$root/pipeline/target/classes"
  path="$path:$(cat "$WORK/classpath")"
fi
read -ra opens <<<"$(sed -n 's/.*<spark.jvm.options>\(.*\)<\/spark.jvm.options>.*/\1/p' "$root/pom.xml")"
# Executors of a local cluster get their class path from the program. The Spark home only has to
# look real.
export SPARK_HOME="$WORK/home" SPARK_SCALA_VERSION=2.13
lethe() {
  (cd "$WORK" && java "${opens[@]}" -Xmx1g -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
    -Dlog4j2.configurationFile="file:$root/conf/log4j2.properties" -cp "$path" \
    "org.lethe.benchmarks.$@")
}
for rows in "$@"; do
  corpus="$WORK/corpus-$rows"
  if [ ! -d "$corpus" ]; then
    rm -rf "$corpus.partial"
    lethe CorpusGenerator "$corpus.partial" "$rows"
    mv "$corpus.partial" "$corpus"
  fi
  for mode in ${MODES:-sample all find}; do
    echo "== $mode, $rows rows" >&2
    lethe LargeCorpora "$mode" "$corpus" "$model" "$WORK/run" "$csv"
    rm -rf "$WORK/run" "$WORK/work"
  done
  rm -rf "$corpus"
done
echo
column -s, -t "$csv"
# The same as lines for results.csv.
awk -F, -v date="$(date -u +%F)" -v commit="$(git -C "$root" rev-parse --short HEAD)" \
  -v machine="${MACHINE:-$(uname -n)}" \
  'NR > 1 { print date "," commit ",," machine "," $0 }' "$csv"
