#!/usr/bin/env bash
# Compiles Lethe with its tests and runs a program of org.lethe.benchmarks.
# Usage: program.sh CLASS [ARGUMENT...]; JAVA_OPTIONS adds options of the JVM (default: -Xmx2g).
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
class="$1"
shift
path="$root/tests/target/benchmarks.classpath"
(cd "$root" && mvn -q -B -ntp -Dspotless.check.skip test-compile dependency:build-classpath \
  -Dmdep.outputFile="$path" 1>&2)
# Spark needs these packages open; the list is the one that the tests have.
read -ra opens <<<"$(sed -n 's/.*<spark.jvm.options>\(.*\)<\/spark.jvm.options>.*/\1/p' "$root/pom.xml")"
read -ra options <<<"${JAVA_OPTIONS:--Xmx2g}"
exec java "${opens[@]}" "${options[@]}" -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
  -cp "$root/tests/target/test-classes:$root/jobs/target/classes:$root/pipeline/target/classes:$(cat "$path")" \
  "org.lethe.benchmarks.$class" "$@"
