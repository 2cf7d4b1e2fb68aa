"""Checks manifests against the CRDs of the Spark operators. Unknown fields are errors.

Usage: check.py FOLDER CRD...; FOLDER holds the manifests.
"""

import pathlib
import sys

import yaml
from jsonschema import Draft202012Validator


def strict(schema):
    """Kubernetes' structural schema as JSON Schema that rejects fields it does not name."""
    if not isinstance(schema, dict):
        return schema
    made = {
        key: strict(value) if key in ("items", "additionalProperties") else value
        for key, value in schema.items()
        if not key.startswith("x-kubernetes") and key != "format"
    }
    if "properties" in schema:
        made["properties"] = {name: strict(one) for name, one in schema["properties"].items()}
        if "additionalProperties" not in schema:
            made["additionalProperties"] = bool(
                schema.get("x-kubernetes-preserve-unknown-fields", False)
            )
    if schema.get("x-kubernetes-int-or-string"):
        made.pop("type", None)
    if schema.get("nullable") and "type" in made:
        made["type"] = [made["type"], "null"]
    return made


schemas = {}
for file in sys.argv[2:]:
    for crd in yaml.safe_load_all(open(file, encoding="utf-8")):
        if crd and crd.get("kind") == "CustomResourceDefinition":
            for version in crd["spec"]["versions"]:
                schema = strict(version["schema"]["openAPIV3Schema"])
                # Kubernetes adds these to every resource.
                schema["properties"].update(
                    apiVersion={"type": "string"},
                    kind={"type": "string"},
                    metadata={"type": "object"},
                )
                name = f"{crd['spec']['group']}/{version['name']}"
                schemas[name, crd["spec"]["names"]["kind"]] = schema

# The pod of a template has the schema of the pods of an application.
application = schemas["spark.apache.org/v1", "SparkApplication"]["properties"]["spec"]
pods = application["properties"]["driverSpec"]["properties"]["podTemplateSpec"]["properties"]
schemas["v1", "Pod"] = {
    "type": "object",
    "properties": {
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": {"type": "object"},
        "spec": pods["spec"],
    },
    "additionalProperties": False,
}

failures = 0
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    for document in yaml.safe_load_all(open(file, encoding="utf-8")):
        schema = schemas[document["apiVersion"], document["kind"]]
        errors = list(Draft202012Validator(schema).iter_errors(document))
        for error in errors:
            failures += 1
            print(f"{file.name}: {error.json_path}: {error.message[:200]}")
        print(f"{file.name}: {document['apiVersion']} {document['kind']}, {len(errors)} errors")
sys.exit(1 if failures else 0)
