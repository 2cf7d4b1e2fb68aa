#!/usr/bin/env bash
# Linux only. The heap is touched at start, so that it does not count. GEMMA, SMOLLM2:
# folders of the real models.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
export OMP_NUM_THREADS=1 JAVA_OPTIONS="-Xms512m -Xmx512m -XX:+AlwaysPreTouch"
"$here/../program.sh" MemoryBenchmark 8 128 6
"$here/../program.sh" MemoryBenchmark 8 128 12
"$here/../program.sh" MemoryBenchmark 16 256 6
# The memory check against an unlearn stage: models of random weights, written to a folder of 9 GB.
root="$(cd "$here/../../.." && pwd -P)"
models="$(mktemp -d)"
trap 'rm -rf "$models"' EXIT
export OMP_NUM_THREADS=2
export JAVA_OPTIONS="-Xms1g -Xmx1g -XX:+AlwaysPreTouch -Dlog4j2.configurationFile=file:$root/conf/log4j2.properties"
one=(lethe.unlearn.workers=1 lethe.unlearn.rounds=1)
"$here/../program.sh" UnlearningMemory "$models" 1b BF16 4 128 "${one[@]}"
"$here/../program.sh" UnlearningMemory "$models" 135m BF16 4 128 "${one[@]}"
"$here/../program.sh" UnlearningMemory "$models" 135m F32 8 128 "${one[@]}" lethe.model.adapter=full
"$here/../program.sh" UnlearningMemory "$models" 3b BF16 1 64 "${one[@]}" \
  lethe.unlearn.local-steps=1 lethe.platform.products=bfloat16
"$here/../program.sh" UnlearningMemory "$models" 28m BF16 8 128 lethe.model.adapter=full \
  lethe.unlearn.workers=2 lethe.unlearn.rounds=1 lethe.unlearn.local-steps=4 \
  lethe.unlearn.retain-loss=kl
for batch in "8 128" "1 32"; do
  read -r rows length <<<"$batch"
  "$here/../program.sh" UnlearningMemory "$models" 28m BF16 "$rows" "$length" \
    lethe.model.adapter=full lethe.unlearn.workers=1 lethe.unlearn.local-steps=4 \
    'lethe.unlearn.stop.rules=[like-unseen]'
done
# Pretrained models, and the process of 1.1 B with a small heap.
for model in ${GEMMA:+"$GEMMA"} ${SMOLLM2:+"$SMOLLM2"}; do
  "$here/../program.sh" UnlearningMemory "$models" "$model" BF16 4 128 "${one[@]}"
done
[ -z "${SMOLLM2:-}" ] || "$here/../program.sh" UnlearningMemory "$models" "$SMOLLM2" BF16 8 128 \
  lethe.model.adapter=full lethe.unlearn.workers=2 lethe.unlearn.rounds=1 \
  lethe.unlearn.local-steps=4 lethe.unlearn.retain-loss=kl
export JAVA_OPTIONS="-Xmx512m -Dlog4j2.configurationFile=file:$root/conf/log4j2.properties"
"$here/../program.sh" UnlearningMemory "$models" 1b BF16 4 128 "${one[@]}"
"$here/../program.sh" UnlearningMemory "$models" 1b BF16 4 128 "${one[@]}" \
  lethe.platform.activations=recompute
