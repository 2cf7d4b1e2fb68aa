#!/usr/bin/env python3
"""Checks that every method and field of Spark and its libraries that Lethe's classes use exists in a
Spark distribution.

Usage: check_links.py LETHE SPARK_JARS [--list FILE]

LETHE is lethe-jobs.jar or a folder with classes, SPARK_JARS the folder jars of a distribution. Prints
what is missing, and exits with 1 if anything is. Writes what was found to FILE, one member a line,
for SparkLinksTest:

    check_links.py jobs/target/lethe-jobs.jar VENV/lib/python3*/site-packages/pyspark/jars \
        --list tests/src/test/resources/org/lethe/spark-3.5-members.txt
"""

import struct
import sys
import zipfile
from pathlib import Path

OWN = "org/lethe/"
# Classes that PeerConditions keeps out on Scala 2.12.
LATER_SCALA = ("org/lethe/cluster/transport/PeerTransport", "org/lethe/cluster/transport/PeerTask")
# What Lethe takes from Spark's own jars.
CHECKED = (
    "org/apache/spark/",
    "org/apache/hadoop/",
    "org/apache/parquet/",
    "scala/",
    "com/fasterxml/jackson/annotation/",
    "com/fasterxml/jackson/core/",
    "com/fasterxml/jackson/databind/",
    "org/slf4j/",
)


def pool(data):
    """Constants of a class file, by index, and the offset behind them."""
    constants, offset = {}, 10
    (count,) = struct.unpack_from(">H", data, 8)
    index = 1
    while index < count:
        tag = data[offset]
        if tag == 1:
            (length,) = struct.unpack_from(">H", data, offset + 1)
            constants[index] = data[offset + 3 : offset + 3 + length].decode("utf-8", "replace")
            offset += 3 + length
        elif tag in (3, 4, 9, 10, 11, 12, 17, 18):
            constants[index] = (tag, *struct.unpack_from(">HH", data, offset + 1))
            offset += 5
        elif tag in (5, 6):
            offset += 9
            index += 1
        elif tag == 15:
            offset += 4
        else:  # Class, string, method type, module, package.
            constants[index] = (tag, *struct.unpack_from(">H", data, offset + 1))
            offset += 3
        index += 1
    return constants, offset


def name_of(constants, index):
    return constants[constants[index][1]]


def references(data):
    """Class, name and descriptor of every method and field that a class uses."""
    constants, _ = pool(data)
    for constant in constants.values():
        if isinstance(constant, tuple) and constant[0] in (9, 10, 11):
            owner = name_of(constants, constant[1])
            _, name, descriptor = constants[constant[2]]
            yield owner, constants[name], constants[descriptor]


def members(data):
    """Names of the supertypes, and names with descriptors of methods and fields."""
    constants, offset = pool(data)
    _, _, parent, count = struct.unpack_from(">HHHH", data, offset)
    parents = [name_of(constants, parent)] if parent else []
    offset += 8
    for i in range(count):
        parents.append(name_of(constants, struct.unpack_from(">H", data, offset + 2 * i)[0]))
    offset += 2 * count
    found = set()
    for _ in range(2):
        (count,) = struct.unpack_from(">H", data, offset)
        offset += 2
        for _ in range(count):
            _, name, descriptor, attributes = struct.unpack_from(">HHHH", data, offset)
            offset += 8
            found.add((constants[name], constants[descriptor]))
            for _ in range(attributes):
                (length,) = struct.unpack_from(">I", data, offset + 2)
                offset += 6 + length
    return parents, found


class Distribution:
    def __init__(self, folder):
        self.places = {}
        self.known = {}
        for jar in sorted(Path(folder).glob("*.jar")):
            archive = zipfile.ZipFile(jar)
            for entry in archive.namelist():
                if entry.endswith(".class"):
                    self.places.setdefault(entry[:-6], archive)

    def members(self, name):
        if name not in self.known:
            archive = self.places.get(name)
            self.known[name] = members(archive.read(name + ".class")) if archive else None
        return self.known[name]

    def has(self, owner, member):
        found = self.members(owner)
        if found is None:
            # Java's own classes are the same everywhere.
            return owner.startswith("java/")
        return member in found[1] or any(
            self.has(parent, member) for parent in found[0] if parent != "java/lang/Object"
        )


def classes(lethe):
    if Path(lethe).is_dir():
        for file in sorted(Path(lethe).rglob("*.class")):
            yield str(file.relative_to(lethe))[:-6], file.read_bytes()
    else:
        archive = zipfile.ZipFile(lethe)
        for entry in archive.namelist():
            if entry.startswith(OWN) and entry.endswith(".class"):
                yield entry[:-6], archive.read(entry)


def main(lethe, jars, *options):
    spark = Distribution(jars)
    if "org/apache/spark/SparkContext" not in spark.places:
        sys.exit(f"No Spark in {jars}")
    missing, present = {}, set()
    old = any(jar.name.startswith("scala-library-2.12") for jar in Path(jars).glob("*.jar"))
    for name, data in classes(lethe):
        if old and name.split("$")[0] in LATER_SCALA:
            continue
        for owner, member, descriptor in references(data):
            if owner.startswith(CHECKED) and not spark.has(owner, (member, descriptor)):
                object_method = member in ("equals", "hashCode", "toString", "getClass")
                if not (object_method and spark.members(owner)):
                    missing.setdefault((owner, member, descriptor), name)
            elif owner.startswith(CHECKED):
                present.add(f"{owner} {member} {descriptor}\n")
    for (owner, member, descriptor), user in sorted(missing.items()):
        print(f"missing: {owner}.{member}{descriptor}, used by {user}")
    print(f"{len(missing)} missing")
    if options[:1] == ("--list",):
        Path(options[1]).write_text("".join(sorted(present)), encoding="utf-8")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
