"""Prints a line of results.csv for each run of run.sh. Usage: table.py FOLDER"""

import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
for path in sorted(folder.glob("*-all-rows/evaluation/before/summary.json")):
    data, near, seed = path.parts[-4].removesuffix("-all-rows").split("-")
    sets = json.loads(path.read_text())["sets"]
    figures = [
        f"{sets[name]['figures'][figure]['mean']:.4f}"
        for name in ("forget", "retain")
        for figure in ("rouge-l-recall", "loss")
    ]
    print(",".join([data, near, seed, *figures]))
