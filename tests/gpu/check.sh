#!/usr/bin/env bash
# Checks the CUDA backend on a machine with an NVIDIA GPU, without network, Java or a checkout.
#   tests/gpu/check.sh pack FOLDER   in a checkout: builds a bundle in parts below 45 MB
#   FOLDER/check.sh run RESULTS      on the GPU machine: runs tests and benchmarks, 8 minutes at most
# pack needs a JDK, Maven and xz. run needs the parts bundle.xz.* in FOLDER, and PyTorch and
# transformers for the comparison of speed. With the parts spark.xz.* it measures Spark's share of a
# round too. It writes a summary to RESULTS/gpu.json.
set -euo pipefail

# Tests on the device. They compare it with PyTorch's values and with ND4J on the CPU.
tests=(compute.cuda.CudaComputeTest compute.cuda.CudaAttentionTest compute.cuda.CudaLogitsTest
  compute.cuda.CudaProductsTest compute.cuda.CudaVectorsTest compute.selection.SelfTestTest
  model.CudaTrainingTest model.GoldenTest model.GradientTest model.family.FamilyGoldenTest
  model.generation.SamplingTest objective.LossesGoldenTest)

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
  python3 "$root/tests/gpu/repack.py" "$work/path" "$work/lib" "$work.spark"
  sed -n 's/.*<spark.jvm.options>\(.*\)<.*/\1/p' "$root/pom.xml" > "$work/opens"
  mkdir -p "$work/classes" "$work/tests" "$work/repository/pipeline/src/main"
  cp -r "$root/pipeline/target/classes/." "$work/classes"
  cp -r "$root/tests/target/test-classes/." "$work/tests"
  cp -r "$root/pipeline/src/main/cuda" "$work/repository/pipeline/src/main"
  cp "$root/tests/benchmarks/gpu/torch_passes.py" "$work"
  git -C "$root" rev-parse --short HEAD > "$work/commit"
  tar c -C "$work" . | xz -6 -T0 | split -b 42M - "$folder/bundle.xz."
  tar c -C "$work.spark" . | xz -6 -T0 | split -b 42M - "$folder/spark.xz."
  cp "$0" "$folder/check.sh"
  rm -rf "$work" "$work.spark"
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
  for products in float tf32 bf16; do
    "${java[@]}" org.lethe.benchmarks.DeviceBenchmark $products | tee -a "$results/speed.csv"
  done
  if compgen -G "$folder/spark.xz.*" > /dev/null; then
    mkdir "$work/spark"
    cat "$folder"/spark.xz.* | xz -dc | tar x -C "$work/spark"
    path="$path:$(echo "$work"/spark/*.jar | tr ' ' ':')"
    # shellcheck disable=SC2046 # The options are words.
    "${java[@]:0:5}" -cp "$path" $(cat "$work/opens") org.lethe.benchmarks.RoundBenchmark \
      smollm2-tf32 "$work/rounds" 1 400 'local[1]' 0 10 LOCAL 4 | tee "$results/rounds.txt"
  fi
  python3 "$work/torch_passes.py" | grep '^torch,' | tee -a "$results/speed.csv"
  python3 - "$results" "$(cat "$work/commit")" <<'PYTHON'
import csv, json, pathlib, re, subprocess, sys
results = pathlib.Path(sys.argv[1])
text = (results / "tests.txt").read_text()
count = {word: int(re.search(rf"\[ *(\d+) tests {word}", text).group(1)) for word in ("successful", "failed")}
card = subprocess.run(["nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader"],
                      capture_output=True, text=True, check=True).stdout.strip()
share = re.search(r"rest [\d.]+ s \(([\d.]+) %\)(?!.*rest)", (results / "rounds.txt").read_text(), re.S) \
    if (results / "rounds.txt").exists() else None
speed = [dict(zip(("program", "products", "work", "milliseconds"), row))
         for row in csv.reader((results / "speed.csv").open())]
time = {tuple(list(row.values())[:3]): float(row["milliseconds"]) for row in speed}
passes, generation = "forward and backward", "greedy generation 64 x (32 + 256)"
lora, product = "LoRA of 1.1 B, activations kept", "product of 8192 x 8192 x 8192"

def faster(products, work):
    return time["torch", products, work] / time["lethe", products, work]

# Forward and gradients of inputs: 4 operations for each weight of a product and token.
weights = 22 * (2048 * 2560 + 2048 * 2048 + 3 * 2048 * 5632) + 2048 * 32000
lora_rate = 4 * weights * 8 * 512 / time["lethe", "bf16", lora]
product_rate = 2 * 8192**3 / time["torch", "bf16", product]
goals = [("passes against PyTorch, tf32", faster("tf32", passes), ">= 1.2"),
         ("passes against PyTorch, bf16", faster("bf16", passes), ">= 1.2"),
         ("LoRA of 1.1 B against PyTorch, bf16", faster("bf16", lora), ">= 1.0"),
         ("its share of the rate of a large product", lora_rate / product_rate, ""),
         ("BLUR step against its two passes, tf32",
          time["lethe", "tf32", "BLUR step"] / time["lethe", "tf32", "two passes"], "<= 1.03"),
         ("BLUR step against its two passes, bf16",
          time["lethe", "bf16", "BLUR step"] / time["lethe", "bf16", "two passes"], "<= 1.03"),
         ("generation against PyTorch, tf32", faster("tf32", generation), ">= 1.5"),
         ("generation against PyTorch, bf16", faster("bf16", generation), ">= 1.5")]
if share:
    goals.append(("Spark's percentage of the last round", float(share.group(1)), "<= 5"))
for goal in goals:
    print("%-45s %6.2f  %s" % goal)
(results / "gpu.json").write_text(json.dumps(
    {"commit": sys.argv[2], "card": card, "tests": count, "speed": speed,
     "goals": [dict(zip(("figure", "value", "goal"), goal)) for goal in goals]}, indent=2) + "\n")
print(results / "gpu.json")
PYTHON
  rm -rf "$work"
}

case "${1:-}" in
  pack | run) "$1" "${2:?a folder}" ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
