#!/usr/bin/env bash
# Builds lethe-jobs.jar twice, from two clean checkouts in different folders, and compares the bytes;
# then checks the list of components (CycloneDX) that was built with it: every version pinned, every
# licence known. Needs Maven, git, the network or a filled local repository, and 2 GB of disk.
# Usage: tests/supply-chain/run.sh [WORK_FOLDER]
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
work="${1:-$(mktemp -d)}"
mkdir -p "$work"
work="$(cd "$work" && pwd -P)"
commit="$(git -C "$root" rev-parse HEAD)"

for build in one two-in-a-longer-folder; do
  rm -rf "${work:?}/$build"
  git clone -q "$root" "$work/$build"
  git -C "$work/$build" checkout -q "$commit"
  (cd "$work/$build" && TZ="$([ "$build" = one ] && echo UTC || echo Asia/Kolkata)" \
    mvn -q -B -ntp -Psbom -DskipTests "-Dsource.commit=$commit" -pl jobs -am package)
done
one="$work/one/jobs/target"
two="$work/two-in-a-longer-folder/jobs/target"
cmp "$one/lethe-jobs.jar" "$two/lethe-jobs.jar"
cmp "$one/lethe-jobs.cdx.json" "$two/lethe-jobs.cdx.json"
python3 "$here/check.py" "$one/lethe-jobs.cdx.json" "$one/lethe-jobs.jar"
echo "Two builds of $commit gave the same bytes: $(sha256sum <"$one/lethe-jobs.jar")"
