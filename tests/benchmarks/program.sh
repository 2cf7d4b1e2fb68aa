#!/usr/bin/env bash
# Compiles Lethe with its tests and runs a program of org.lethe.benchmarks.
# Usage: program.sh CLASS [ARGUMENT...]; JAVA_OPTIONS adds options of the JVM (default: -Xmx2g).
# CLASS_PATH names classes and libraries that are compiled already, so that Maven does not run.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
class="$1"
shift
path="${CLASS_PATH:-}"
if [ -z "$path" ]; then
  list="$root/tests/target/benchmarks.classpath"
  (cd "$root" && mvn -q -B -ntp -Dspotless.check.skip test-compile dependency:build-classpath \
    -Dmdep.outputFile="$list" 1>&2)
  path="$root/tests/target/test-classes:$root/jobs/target/classes:$root/pipeline/target/classes"
  path="$path:$(cat "$list")"
fi
# Spark needs these packages open; the list is the one that the tests have.
read -ra opens <<<"$(sed -n 's/.*<spark.jvm.options>\(.*\)<\/spark.jvm.options>.*/\1/p' "$root/pom.xml")"
read -ra options <<<"${JAVA_OPTIONS:--Xmx2g}"
exec java "${opens[@]}" "${options[@]}" -Dorg.bytedeco.javacpp.maxphysicalbytes=0 \
  -Dlog4j2.configurationFile="file:$root/conf/log4j2.properties" -cp "$path" "org.lethe.benchmarks.$class" "$@"
