#!/usr/bin/env bash
# Registers a released model with a local MLflow server by conf/mlflow/register.py, downloads it with
# MLflow's own client and compares the files. Needs Python 3.10 to 3.13, Java 17, the network for the
# packages, and 2 GB of disk. The server listens on the loopback interface and is stopped at the end.
# Usage: tests/mlflow/run.sh [WORK_FOLDER]
#
#   VENV  a virtual environment that has requirements.txt; default: one in the work folder
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
work="${1:-$(mktemp -d)}"
mkdir -p "$work"
work="$(cd "$work" && pwd -P)"
port="${LETHE_MLFLOW_PORT:-17095}"
url="http://127.0.0.1:$port"

if [ -z "${VENV:-}" ]; then
  VENV="$work/venv"
  python3 -m venv "$VENV"
  "$VENV/bin/pip" -q install -r "$here/requirements.txt"
fi

# The gates of the quickstart hold for any model here, because two rounds forget little.
"$root/jobs/bin/lethe" quickstart --run-dir "$work/run" \
  --set lethe.unlearn.rounds=2 --set lethe.evaluate.limit=4 --set lethe.evaluate.attacks.try= \
  --set lethe.gates.forget.rouge-l-recall.at-most=1 \
  --set lethe.gates.forget.exact-match.at-most=1 \
  --set lethe.gates.retain.rouge-l-recall.at-least-share-of-before=0 \
  --set lethe.release.collapse-limit=1
"$root/jobs/bin/lethe" release --run-dir "$work/run" --to "$work/released"

export MLFLOW_TRACKING_URI="$url"
"$VENV/bin/mlflow" server --host 127.0.0.1 --port "$port" --workers 1 \
  --backend-store-uri "sqlite:///$work/mlflow.db" --artifacts-destination "$work/artifacts" \
  >"$work/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
until "$VENV/bin/python" -c "import urllib.request; urllib.request.urlopen('$url/health')" 2>/dev/null; do
  kill -0 "$server" || { cat "$work/server.log" >&2; exit 1; }
  sleep 0.5
done

register() { python3 "$root/conf/mlflow/register.py" "$work/released" --server "$url" --name forgetful; }
register | tee "$work/first.log"
grep -q '^forgetful version 1 registered$' "$work/first.log"
register | tee "$work/second.log"
grep -q '^forgetful version 1 is this model$' "$work/second.log"
"$VENV/bin/python" "$here/check.py" "$work/released" forgetful
echo "MLflow has the released model; logs are in $work"
