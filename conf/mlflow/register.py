#!/usr/bin/env python3
"""Registers a released model with MLflow, by its REST interface and Python's standard library alone.

    lethe release --run-dir RUN --to FOLDER
    register.py FOLDER --server http://mlflow:5000 --name NAME [--experiment lethe] [--token-file FILE]

Uploads the files of FOLDER as an artifact of a new run, with the figures and gates of record.json as
metrics and tags, and creates a version of the registered model NAME. The version's tag
lethe.record-sha256 is that of record.json, so a second call with the same folder registers nothing.
The server must serve artifacts (mlflow server, the default).
"""

import argparse
import hashlib
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

API = "/api/2.0/mlflow/"
ARTIFACTS = "mlflow-artifacts:/"
BATCH = 500


class Server:
    def __init__(self, url, token):
        self.url = url.rstrip("/")
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, method, path, body=None, kind="application/json"):
        request = urllib.request.Request(
            self.url + path, data=body, method=method, headers={**self.headers, "Content-Type": kind}
        )
        with urllib.request.urlopen(request, timeout=600) as answer:
            text = answer.read()
        return json.loads(text) if text else {}

    def post(self, call, **fields):
        return self.send("POST", API + call, json.dumps(fields).encode())

    def get(self, call, **fields):
        return self.send("GET", API + call + "?" + urllib.parse.urlencode(fields))

    def upload(self, path, file):
        place = "/api/2.0/mlflow-artifacts/artifacts/" + urllib.parse.quote(path)
        with file.open("rb") as content:
            request = urllib.request.Request(
                self.url + place,
                data=content,
                method="PUT",
                headers={
                    **self.headers,
                    "Content-Type": "application/octet-stream",
                    "Content-Length": str(file.stat().st_size),
                },
            )
            urllib.request.urlopen(request, timeout=3600).close()


def is_error(failure, code):
    """Whether a call failed with one of MLflow's error codes."""
    try:
        return json.loads(failure.read()).get("error_code") == code
    except ValueError:
        return False


def experiment(server, name):
    try:
        return server.get("experiments/get-by-name", experiment_name=name)["experiment"][
            "experiment_id"
        ]
    except urllib.error.HTTPError as failure:
        if not is_error(failure, "RESOURCE_DOES_NOT_EXIST"):
            raise
        return server.post("experiments/create", name=name)["experiment_id"]


def registered(server, name):
    try:
        server.post("registered-models/create", name=name)
    except urllib.error.HTTPError as failure:
        if not is_error(failure, "RESOURCE_ALREADY_EXISTS"):
            raise


def existing(server, name, digest):
    found = server.get("model-versions/search", filter=f"name='{name}'", max_results=1000)
    for version in found.get("model_versions", []):
        tags = {tag["key"]: tag["value"] for tag in version.get("tags", [])}
        if tags.get("lethe.record-sha256") == digest:
            return version["version"]
    return None


def metrics(record, now):
    for when in ("before", "after"):
        for key, value in record[when].items():
            yield {"key": f"{when}.{key}", "value": value, "timestamp": now, "step": 0}


def main():
    parser = argparse.ArgumentParser(description="Registers a released model with MLflow.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--server", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--experiment", default="lethe")
    parser.add_argument("--token-file", type=Path)
    options = parser.parse_args()

    text = (options.folder / "record.json").read_bytes()
    record = json.loads(text)
    digest = hashlib.sha256(text).hexdigest()
    if record["decision"] != "RELEASED":
        sys.exit(f"The record says {record['decision']}, expected RELEASED")
    token = options.token_file.read_text().strip() if options.token_file else ""
    server = Server(options.server, token)

    registered(server, options.name)
    version = existing(server, options.name, digest)
    if version:
        print(f"{options.name} version {version} is this model")
        return
    now = int(time.time() * 1000)
    run = server.post(
        "runs/create",
        experiment_id=experiment(server, options.experiment),
        run_name=record["run_id"],
        start_time=now,
    )["run"]["info"]
    if not run["artifact_uri"].startswith(ARTIFACTS):
        sys.exit(f"The server does not serve artifacts: {run['artifact_uri']}")
    place = run["artifact_uri"][len(ARTIFACTS) :].lstrip("/") + "/model/"
    for file in sorted(path for path in options.folder.rglob("*") if path.is_file()):
        server.upload(place + file.relative_to(options.folder).as_posix(), file)
    tags = [
        {"key": "lethe.run-id", "value": record["run_id"]},
        {"key": "lethe.request-id", "value": record["request_id"]},
        {"key": "lethe.record-sha256", "value": digest},
    ]
    values = list(metrics(record, now))
    for start in range(0, len(values), BATCH):
        server.post("runs/log-batch", run_id=run["run_id"], metrics=values[start : start + BATCH])
    server.post("runs/log-batch", run_id=run["run_id"], tags=tags)
    server.post("runs/update", run_id=run["run_id"], status="FINISHED", end_time=now)
    version = server.post(
        "model-versions/create",
        name=options.name,
        source=run["artifact_uri"] + "/model",
        run_id=run["run_id"],
        tags=tags,
    )["model_version"]["version"]
    print(f"{options.name} version {version} registered")


if __name__ == "__main__":
    main()
