"""Checks OpenLineage events, one JSON object a line, against OpenLineage.json."""

import json
import sys

from jsonschema import Draft202012Validator, FormatChecker

schema = json.load(open(sys.argv[1], encoding="utf-8"))
events = [json.loads(line) for line in open(sys.argv[2], encoding="utf-8")]
run_event = {"$schema": schema["$schema"], "$ref": "#/$defs/RunEvent", "$defs": schema["$defs"]}
validator = Draft202012Validator(run_event, format_checker=FormatChecker())
failures = 0
for number, event in enumerate(events, 1):
    for error in validator.iter_errors(event):
        failures += 1
        print(f"event {number}: {error.json_path}: {error.message}")
types = [event["eventType"] for event in events]
print(f"{len(events)} events: {' '.join(types)}")
if failures or types[0] != "START" or types[-1] not in ("COMPLETE", "FAIL", "ABORT"):
    sys.exit("not as the specification wants")
