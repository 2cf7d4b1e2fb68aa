"""Replaces revealed rows by true rows, to study the cost of noise in revealed text.

Usage: python true_rows_as_revealed.py CORPUS REVEALED

CORPUS is a folder with forget.jsonl and retain.jsonl, REVEALED a copy of a run's revealed/. Keeps
held-out rows. Needs pyarrow.
"""

import json
import pathlib
import sys

import pyarrow
import pyarrow.parquet as parquet

corpus, revealed = map(pathlib.Path, sys.argv[1:])
for name in ("forget", "retain"):
    file = revealed / f"{name}.parquet"
    schema = parquet.read_schema(file)
    rows = [json.loads(line) for line in (corpus / f"{name}.jsonl").open()]
    (revealed / f".{name}.parquet.crc").unlink(missing_ok=True)
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema), file)
