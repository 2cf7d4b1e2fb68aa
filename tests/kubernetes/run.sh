#!/usr/bin/env bash
# Checks the manifests of conf/kubernetes against the CRD schemas of both Spark operators. Needs
# Python 3.10 and the network. CRDS names a folder with local copies: kubeflow.yaml and apache.yaml.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)"
root="$(cd "$here/../.." && pwd -P)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
if [ -z "${PY:-}" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" -q install -r "$here/requirements.txt"
  PY="$work/venv/bin/python"
fi
if [ -z "${CRDS:-}" ]; then
  CRDS="$work"
  raw=https://raw.githubusercontent.com
  curl -fsSL -o "$CRDS/kubeflow.yaml" "$raw/kubeflow/spark-operator/38082f3318e9d33f3e4a940c7cf165df6e40b422/config/crd/bases/sparkoperator.k8s.io_sparkapplications.yaml"
  curl -fsSL -o "$CRDS/apache.yaml" "$raw/apache/spark-kubernetes-operator/d5acafd24a0cd9cf225026bbdbcb0775d73ffe8f/build-tools/helm/spark-kubernetes-operator/crds/sparkapplications.spark.apache.org-v1.yaml"
fi
"$PY" "$here/check.py" "$root/conf/kubernetes" "$CRDS/kubeflow.yaml" "$CRDS/apache.yaml"
