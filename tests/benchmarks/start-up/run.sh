#!/usr/bin/env bash
# Starts the quickstart without and with the class data archive, in turn, and prints seconds and
# processor seconds until each of its stages, for the first training round that of finetune.
# Usage: run.sh FOLDER [TIMES], with an empty folder. PYTHON names the interpreter (default: python3).
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
lethe="$here/../../../jobs/bin/lethe"
folder="$(cd "$1" && pwd -P)"
# Builds, and waits for the archive.
"$lethe" --version >/dev/null
cache="${LETHE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lethe}"
for _ in $(seq 120); do
  [ -z "$(find "$cache" -name 'classes-*.jsa' -newer "$here/../../../jobs/target/lethe-jobs.jar")" ] || break
  sleep 1
done
for time in $(seq "${2:-5}"); do
  for archive in off on; do
    echo "== archive $archive, $time"
    LETHE_ARCHIVE="$archive" "${PYTHON:-python3}" "$here/start_up.py" finetune \
      "$lethe" quickstart --run-dir "$folder/$archive-$time"
  done
done
echo "lethe-jobs.jar: $(stat -c %s "$here/../../../jobs/target/lethe-jobs.jar") bytes"
