"""Checks a list of components and prints their licences. Usage: check.py BOM JAR"""

import json
import sys
import zipfile

# Licences of libraries inside the jar, by SPDX id or by the name in their own pom.
KNOWN = {
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "MIT", "MIT-0", "EPL-1.0", "EPL-2.0", "LGPL-2.1-or-later",
    "CC0-1.0", "0BSD",
}

bom = json.load(open(sys.argv[1], encoding="utf-8"))
components = bom["components"]
problems = []
by_licence = {}
for component in components:
    name = f"{component.get('group', '')}:{component['name']}:{component.get('version', '')}"
    version = component.get("version", "")
    if not version or "SNAPSHOT" in version and component.get("group") != "org.lethe":
        problems.append(f"version not pinned: {name}")
    licences = set()
    for choice in component.get("licenses", []):
        licence = choice.get("license", {})
        licences.add(choice.get("expression") or licence.get("id") or licence.get("name"))
    if component.get("group") != "org.lethe" and not licences & KNOWN:
        problems.append(f"licence {sorted(map(str, licences))} of {name}")
    if not any("hashes" in c for c in [component]) and component.get("group") != "org.lethe":
        problems.append(f"no digest: {name}")
    by_licence.setdefault(" or ".join(sorted(map(str, licences))) or "-", []).append(name)
for licence, names in sorted(by_licence.items()):
    print(f"{licence}: {len(names)}")
    for name in sorted(names):
        print(f"  {name}")
with zipfile.ZipFile(sys.argv[2]) as jar:
    if "META-INF/MANIFEST.MF" not in jar.namelist():
        problems.append("not a jar")
print(f"{len(components)} components, specification {bom['specVersion']}")
if problems:
    sys.exit("\n".join(problems))
