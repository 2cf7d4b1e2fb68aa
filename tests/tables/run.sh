#!/usr/bin/env bash
# Runs the pipeline on Delta and Iceberg tables in local folders and compares the result byte for
# byte with a run on files. The forget table has a deleted row behind a deletion vector, the retain
# table has an expired snapshot's row. Checks pinned versions, a table of requests, tables of figures
# and the message without the jars. Needs Maven, the network for the jars, and 1 GB of disk.
# Usage: tests/tables/run.sh [WORK_FOLDER]
#
#   JARS  folder with the jars of Delta and Iceberg; default: fetched by Maven into the work folder
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
work="${1:-$(mktemp -d)}"
mkdir -p "$work"
work="$(cd "$work" && pwd -P)"
lethe="$root/jobs/bin/lethe"
lake="$work/lake"
export OMP_NUM_THREADS=1

# Builds on first use. Writes a corpus, a tokenizer and a model with random weights.
"$lethe" quickstart --run-dir "$work/made" --set 'lethe.pipeline.stages=[shard]'
corpus="$work/made/quickstart/corpus"

jars="${JARS:-$work/jars}"
if ! ls "$jars"/delta-spark_*.jar >/dev/null 2>&1; then
  (cd "$here" && mvn -q -B -ntp dependency:copy-dependencies -DoutputDirectory="$jars")
fi
tables() {
  local opens=() package
  for package in java.lang java.lang.invoke java.lang.reflect java.io java.net java.nio java.util \
    java.util.concurrent java.util.concurrent.atomic sun.nio.ch sun.nio.cs sun.security.action \
    sun.util.calendar; do
    opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
  done
  java "${opens[@]}" -Xmx1g -Dderby.system.home="$work" -cp "$root/jobs/target/spark/*:$jars/*" \
    "$here/MakeTables.java" "$@" 2>>"$work/spark.log"
}
rm -rf "$lake" "$work"/run-* "$work"/requests
mkdir -p "$lake"
tables make "$lake" "$corpus"

cat >"$work/lake.conf" <<CONF
lethe.spark.settings {
  "spark.sql.extensions" = "io.delta.sql.DeltaSparkSessionExtension,org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions"
  "spark.sql.catalog.spark_catalog" = "org.apache.spark.sql.delta.catalog.DeltaCatalog"
  "spark.sql.catalog.lake" = "org.apache.iceberg.spark.SparkCatalog"
  "spark.sql.catalog.lake.type" = hadoop
  "spark.sql.catalog.lake.warehouse" = "$lake/iceberg"
}
CONF
settings=(
  --set lethe.model.path="$work/made/quickstart/model"
  --set lethe.shard.max-length=96
  --set lethe.unlearn.rounds=2
  --set lethe.unlearn.learning-rate.peak=1e-3
  --set lethe.evaluate.limit=8
  --set lethe.evaluate.max-new-tokens=8
  --set lethe.evaluate.attacks.try=
  --set lethe.release.collapse-limit=1
)
on_tables() { LETHE_JARS="$jars/*" "$lethe" "$1" --config "$work/lake.conf" "${settings[@]}" "${@:2}"; }
both=(
  --set lethe.corpus.forget="delta:$lake/forget"
  --set lethe.corpus.retain=iceberg:lake.corpus.retain
)

"$lethe" pipeline "${settings[@]}" --run-dir "$work/run-files" \
  --set lethe.corpus.forget="$corpus/forget.jsonl" --set lethe.corpus.retain="$corpus/retain.jsonl"
on_tables pipeline "${both[@]}" --run-dir "$work/run-tables" \
  --set lethe.tables.rows="delta:$lake/figures"
cmp "$work/run-files/model/model.safetensors" "$work/run-tables/model/model.safetensors"
cmp "$work/run-files/evaluation/after/summary.json" "$work/run-tables/evaluation/after/summary.json"
grep -q "\"forget: delta:$lake/forget@v1\"" "$work/run-tables/record.json"
grep -Eq '"retain: iceberg:lake.corpus.retain@v[0-9]+"' "$work/run-tables/record.json"
grep -q 'VACUUM delta.`' "$work/run-tables/record.json"
grep -q 'CALL lake.system.expire_snapshots' "$work/run-tables/record.json"
"$lethe" verify "$work/run-tables"

# The same command again replaces its figures; another table gets them too.
on_tables evaluate "${both[@]}" --run-dir "$work/run-tables" \
  --set lethe.tables.rows="delta:$lake/figures"
on_tables evaluate "${both[@]}" --run-dir "$work/run-tables" \
  --set lethe.tables.rows=iceberg:lake.evidence.figures
on_tables evaluate "${both[@]}" --run-dir "$work/run-tables" \
  --set lethe.tables.rows=iceberg:lake.evidence.figures

# The first version has the deleted row.
on_tables shard --run-dir "$work/run-first" --set lethe.corpus.forget="delta:$lake/forget@v0" \
  --set lethe.corpus.retain=iceberg:lake.corpus.retain --set lethe.shard.duplicates=keep
rows() { sed -n 's/.*"read" : \([0-9]*\).*/\1/p' "$1" | head -n 1; }
first="$(rows "$work/run-first/shards/report.json")"
now="$(rows "$work/run-tables/shards/report.json")"
[ "$first" = "$((now + 1))" ] || { echo "version 0 has $first rows, version 1 has $now" >&2; exit 1; }

on_tables pipeline --run-dir "$work/requests" --set lethe.corpus.retain=iceberg:lake.corpus.retain \
  --set lethe.tables.requests=iceberg:lake.privacy.requests \
  --set lethe.tables.rows="delta:$lake/figures"
[ "$(ls "$work/requests/requests")" = "$(printf 'dsr-1\ndsr-2')" ]

tables show "$lake" | tee "$work/figures.txt"
[ "$(grep -c '^FIGURES run  ' "$work/figures.txt")" = 4 ]
[ "$(grep '^FIGURES run  ' "$work/figures.txt" | sort -u | wc -l)" = 2 ]
[ "$(grep -c '^FIGURES run dsr-' "$work/figures.txt")" = 4 ]

status=0
"$lethe" shard "${settings[@]}" "${both[@]}" --run-dir "$work/run-none" 2>"$work/none.log" || status=$?
[ "$status" = 8 ] && grep -q 'Spark has no data source delta; add its jars' "$work/none.log"
echo "Runs on Delta and Iceberg gave the bytes of a run on files; logs are in $work"
