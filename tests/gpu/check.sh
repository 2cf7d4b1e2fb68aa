#!/usr/bin/env bash
# Checks the CUDA backend on a machine with an NVIDIA GPU, without network, Java or a checkout.
#   tests/gpu/check.sh pack FOLDER   in a checkout: builds a bundle in parts below 45 MB
#   FOLDER/check.sh run RESULTS      on the GPU machine: runs tests and benchmarks, 8 minutes at most
#   FOLDER/check.sh rehearse RESULTS without a GPU: the same on an emulated device, in tiny shapes
# All parts are below 45 MB: a transfer holds 64 MiB. pack needs a JDK, Maven and xz. run needs the
# parts bundle.xz.* in FOLDER, and PyTorch and transformers for the comparison of speed. With the
# parts spark.xz.* it measures Spark's share of a round too. rehearse needs g++ and leaves PyTorch
# out. run writes a summary to RESULTS/gpu.json. It exits with 8 if the device is not usable, and
# with 1 if a step or a test failed; the figures of the other steps are in the summary.
set -euo pipefail

rehearsal=
limit=480 # seconds

# Tests on the device. They compare it with PyTorch's values and with ND4J on the CPU.
tests=(compute.cuda.CudaComputeTest compute.cuda.CudaAttentionTest compute.cuda.CudaLogitsTest
  compute.cuda.CudaProductsTest compute.cuda.CudaVectorsTest compute.selection.SelfTestTest
  model.CudaTrainingTest model.CudaGraphsTest model.GoldenTest model.GradientTest
  model.family.FamilyGoldenTest model.generation.SamplingTest objective.LossesGoldenTest)

console=org.junit.platform:junit-platform-console-standalone:1.14.4

pack() {
  local root folder work
  root=$(cd "$(dirname "$0")/../.." && pwd)
  mkdir -p "$1" && folder=$(cd "$1" && pwd)
  work=$(mktemp -d)
  # Hadoop needs the modules of security.
  jlink --add-modules java.base,java.logging,java.management,java.naming,java.security.jgss,java.security.sasl,java.sql,java.xml,jdk.security.auth,jdk.unsupported,java.desktop,java.instrument,java.net.http \
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
  mkdir -p "$work/repository/tests/src/test"
  cp -r "$root/tests/src/test/cuda" "$work/repository/tests/src/test"
  cp "$root/tests/benchmarks/gpu/torch_passes.py" "$root/tests/gpu/summarise.py" "$work"
  git -C "$root" rev-parse --short HEAD > "$work/commit"
  tar c -C "$work" . | xz -6 -T0 | split -b 42M - "$folder/bundle.xz."
  tar c -C "$work.spark" . | xz -6 -T0 | split -b 42M - "$folder/spark.xz."
  cp "$0" "$folder/check.sh"
  rm -rf "$work" "$work.spark"
  ls -l "$folder"
}

# Runs a step in what is left of the time and appends its output to a file.
step() {
  local name=$1 output=$2 left=$((limit - SECONDS)) status=124
  shift 2
  echo "$name ..."
  if ((left > 0)); then
    timeout "$left" "$@" >> "$output" 2>> "$results/errors.txt" && return 0 || status=$?
  fi
  if ((status == 124)); then
    echo "$name: no time left" >> "$results/errors.txt"
  else
    echo "$name: exit status $status" >> "$results/errors.txt"
  fi
  failed+=("$name")
  return 1
}

rehearse() {
  rehearsal=yes limit=3600
  run "$1"
}

run() {
  local folder work java path selected rounds
  folder=$(cd "$(dirname "$0")" && pwd)
  mkdir -p "$1" && results=$(cd "$1" && pwd)
  rm -f "$results"/{device,tests,speed,rounds,errors}.txt
  failed=()
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # The variable is gone when the script ends.
  trap "rm -rf '$work'" EXIT
  cat "$folder"/bundle.xz.* | xz -dc | tar x -C "$work"
  path="$work/tests:$work/classes:$(echo "$work"/lib/*.jar | tr ' ' ':')"
  java=("$work/jre/bin/java" -Xmx16g -Dorg.bytedeco.javacpp.maxphysicalbytes=0
    -Dorg.bytedeco.javacpp.platform.extension=)
  cd "$work/repository"
  rounds=(1 400 'local[1]' 0 10 LOCAL 4)
  if [[ $rehearsal ]]; then
    rounds=(1 2 'local[1]' 0 10 LOCAL 2)
    export LETHE_EMULATED_DEVICE=$work/device
    java+=(-Dlethe.benchmark.tiny=true "-Djna.library.path=$work/device")
    step emulation "$results/device.txt" "${java[@]}" -cp "$path" \
      org.lethe.compute.cuda.EmulatedDevice "$work/device" || true
  else
    java+=(-Dlethe.test.device=real)
  fi
  if ! step device "$results/device.txt" \
    "${java[@]}" -cp "$path" org.lethe.benchmarks.DeviceCheck; then
    # PLATFORM: without a usable device nothing else can be measured.
    summary || exit 8
  fi
  selected=()
  for name in "${tests[@]}"; do selected+=("--select-class=org.lethe.$name"); done
  step tests "$results/tests.txt" "${java[@]}" -cp "$path" \
    org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors \
    --details=tree --details-theme=ascii "${selected[@]}" || true
  for products in float tf32 bf16; do
    step "speed in $products" "$results/speed.txt" \
      "${java[@]}" -cp "$path" org.lethe.benchmarks.DeviceBenchmark $products || true
  done
  if compgen -G "$folder/spark.xz.*" > /dev/null; then
    mkdir "$work/spark"
    cat "$folder"/spark.xz.* | xz -dc | tar x -C "$work/spark"
    path="$path:$(echo "$work"/spark/*.jar | tr ' ' ':')"
    # shellcheck disable=SC2046 # The options are words.
    step rounds "$results/rounds.txt" "${java[@]}" -cp "$path" $(cat "$work/opens") \
      org.lethe.benchmarks.RoundBenchmark smollm2-tf32 "$work/rounds" "${rounds[@]}" || true
  fi
  if ! [[ $rehearsal ]]; then
    step PyTorch "$results/speed.txt" python3 "$work/torch_passes.py" || true
  fi
  for products in tf32 bf16; do
    step "graphs in $products" "$results/speed.txt" \
      "${java[@]}" -cp "$path" org.lethe.benchmarks.DeviceBenchmark $products 5 graphs || true
  done
  summary
}

# Writes gpu.json from what the steps wrote. Fails if a step or a test failed.
summary() {
  python3 "$work/summarise.py" "$results" "$(cat "$work/commit")" "${failed[@]}"
}

case "${1:-}" in
  pack | run | rehearse) "$1" "${2:?a folder}" ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
