"""Compares a registered model with its folder, by MLflow's own client. Usage: check.py FOLDER NAME"""

import filecmp
import json
import sys
import tempfile
from pathlib import Path

import mlflow

folder, name = Path(sys.argv[1]), sys.argv[2]
client = mlflow.MlflowClient()
version = client.get_model_version(name, "1")
record = json.loads((folder / "record.json").read_text())
assert version.tags["lethe.run-id"] == record["run_id"], version.tags
metrics = client.get_run(version.run_id).data.metrics
assert abs(metrics["after.forget.loss"] - record["after"]["forget.loss"]) < 1e-9, metrics
with tempfile.TemporaryDirectory() as place:
    copy = Path(mlflow.artifacts.download_artifacts(f"models:/{name}/1", dst_path=place))
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    _, wrong, missing = filecmp.cmpfiles(folder, copy, names, shallow=False)
    assert not wrong and not missing, (wrong, missing)
print(f"{len(names)} files and {len(metrics)} metrics are those of the folder")
