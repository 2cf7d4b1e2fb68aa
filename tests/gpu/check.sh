#!/usr/bin/env bash
# Checks the CUDA backend on a machine with an NVIDIA GPU, without network, Java or a checkout.
#   tests/gpu/check.sh pack FOLDER   in a checkout: builds a bundle in parts below 45 MB
#   FOLDER/check.sh run RESULTS      on the GPU machine: runs tests and benchmarks, 3 minutes
# pack needs a JDK, Maven and xz. run needs all parts in FOLDER, and PyTorch and transformers for
# the comparison of speed. It writes a summary to RESULTS/gpu.json.
set -euo pipefail

# Tests on the device. They compare it with PyTorch's values and with ND4J on the CPU.
tests=(compute.cuda.CudaComputeTest compute.cuda.CudaAttentionTest compute.cuda.CudaLogitsTest
  compute.cuda.CudaVectorsTest compute.selection.SelfTestTest
  model.GoldenTest model.GradientTest model.generation.SamplingTest objective.LossesGoldenTest)

console=org.junit.platform:junit-platform-console-standalone:1.14.4

pack() {
  local root folder work
  root=$(cd "$(dirname "$0")/../.." && pwd)
  mkdir -p "$1" && folder=$(cd "$1" && pwd)
  work=$(mktemp -d)
  jlink --add-modules java.base,java.logging,java.management,java.naming,java.sql,java.xml,jdk.unsupported,java.desktop,java.instrument,java.net.http \
    --strip-debug --no-header-files --no-man-pages --output "$work/jre"
  (cd "$root" && mvn -q -DskipTests test-compile dependency:build-classpath \
    -Dmdep.outputFile="$work/path" \
    && mvn -q dependency:copy -Dartifact="$console" -DoutputDirectory="$work/lib" -pl .)
  python3 "$root/tests/gpu/repack.py" "$work/path" "$work/lib"
  mkdir -p "$work/classes" "$work/tests" "$work/repository/pipeline/src/main"
  cp -r "$root/pipeline/target/classes/." "$work/classes"
  cp -r "$root/tests/target/test-classes/." "$work/tests"
  cp -r "$root/pipeline/src/main/cuda" "$work/repository/pipeline/src/main"
  cp "$root/tests/benchmarks/gpu/torch_passes.py" "$work"
  git -C "$root" rev-parse --short HEAD > "$work/commit"
  tar c -C "$work" . | xz -6 -T0 | split -b 42M - "$folder/bundle.xz."
  cp "$0" "$folder/check.sh"
  rm -rf "$work"
  ls -l "$folder"
}

run() {
  local folder results work java path selected
  folder=$(cd "$(dirname "$0")" && pwd)
  mkdir -p "$1" && results=$(cd "$1" && pwd)
  work=$(mktemp -d)
  cat "$folder"/bundle.xz.* | xz -dc | tar x -C "$work"
  path="$work/tests:$work/classes:$(echo "$work"/lib/*.jar | tr ' ' ':')"
  java=("$work/jre/bin/java" -Xmx16g -Dlethe.test.device=real
    -Dorg.bytedeco.javacpp.maxphysicalbytes=0 -Dorg.bytedeco.javacpp.platform.extension= -cp "$path")
  selected=()
  for name in "${tests[@]}"; do selected+=("--select-class=org.lethe.$name"); done
  cd "$work/repository"
  "${java[@]}" org.junit.platform.console.ConsoleLauncher execute --disable-banner \
    --disable-ansi-colors --details=tree --details-theme=ascii "${selected[@]}" \
    > "$results/tests.txt" 2>&1 || true
  grep -E 'tests (successful|failed)' "$results/tests.txt"
  for products in float tf32; do
    "${java[@]}" org.lethe.benchmarks.DeviceBenchmark $products | tee -a "$results/speed.csv"
  done
  python3 "$work/torch_passes.py" | grep '^torch,' | tee -a "$results/speed.csv"
  python3 - "$results" "$(cat "$work/commit")" <<'PYTHON'
import csv, json, pathlib, re, subprocess, sys
results = pathlib.Path(sys.argv[1])
text = (results / "tests.txt").read_text()
count = {word: int(re.search(rf"\[ *(\d+) tests {word}", text).group(1)) for word in ("successful", "failed")}
card = subprocess.run(["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"],
                      capture_output=True, text=True, check=True).stdout.strip()
speed = [dict(zip(("program", "products", "work", "milliseconds"), row))
         for row in csv.reader((results / "speed.csv").open())]
(results / "gpu.json").write_text(
    json.dumps({"commit": sys.argv[2], "card": card, "tests": count, "speed": speed}, indent=2) + "\n")
print(results / "gpu.json")
PYTHON
  rm -rf "$work"
}

case "${1:-}" in
  pack | run) "$1" "${2:?a folder}" ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
