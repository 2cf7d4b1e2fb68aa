#!/usr/bin/env python3
"""Copies the jars of a class path, uncompressed and without files that a GPU check does not need.

    python3 tests/gpu/repack.py FILE_WITH_CLASS_PATH FOLDER SPARK_FOLDER

Leaves out libraries of other platforms and the faster ND4J binaries. The jars of Spark's core go to
a folder of their own. xz then compresses the rest to a third.
"""

import pathlib
import re
import sys
import zipfile

JARS = re.compile(
    r"/(nd4j-(api|common|native|native-api|native-preset|presets-common)-1[^/]*"
    r"|(protobuf|guava|jackson|resources)-1\.0\.0-M2\.1|deeplearning4j-nn[^/]*"
    r"|deeplearning4j-utility[^/]*|openblas-[^/]*|javacpp-1[^/]*|neoitertools[^/]*"
    r"|flatbuffers[^/]*|fastutil-6[^/]*|jna-5[^/]*|jackson-(core|databind|annotations)-2[^/]*"
    r"|commons-(io|lang3|math3|codec|compress|numbers|rng|statistics)[^/]*|config-1[^/]*"
    r"|assertj-core[^/]*|slf4j-api[^/]*|zstd-jni[^/]*"
    r"|log4j-(api|core|slf4j2-impl)[^/]*)\.jar$"
)
SPARK_JARS = re.compile(
    r"/(spark-(core|launcher|kvstore|network-common|network-shuffle|unsafe|common-utils"
    r"|common-utils-java|tags|variant)_?[^/]*|scala-library[^/]*|scala-reflect[^/]*"
    r"|scala-parallel[^/]*|scala-xml[^/]*|chill[^/]*|kryo[^/]*|minlog[^/]*|objenesis[^/]*"
    r"|parquet-[^/]*|jts-core[^/]*|hadoop-client-(api|runtime)[^/]*|json4s[^/]*|paranamer[^/]*|jackson-module-scala[^/]*"
    r"|jackson-datatype[^/]*|netty-[^/]*|xbean[^/]*|metrics-[^/]*|jersey-[^/]*|jakarta[^/]*|hk2[^/]*"
    r"|aopalliance[^/]*|javassist[^/]*|snappy-java[^/]*|lz4[^/]*|compress-lzf[^/]*"
    r"|RoaringBitmap[^/]*|shims[^/]*|ivy[^/]*|stream-[^/]*|commons-(logging|crypto|text|collections)"
    r"[^/]*|slf4j-[^/]*|jul-to[^/]*|jcl-over[^/]*|log4j-1[^/]*|protobuf-java[^/]*|leveldbjni[^/]*"
    r"|javax[^/]*|oro[^/]*|py4j[^/]*|gson[^/]*|guava-[^/]*|failureaccess[^/]*)\.jar$"
)
OTHER_BINARIES = re.compile(r"onednn|-(linux-(arm|ppc|x86-|x86\.)|macosx|windows|android|ios)")
OTHER_FILES = re.compile(
    r"(macosx|windows|android|ios|linux-(arm|ppc|x86/|aarch|armhf|mips|s390|risc|loong))"
    r"|linux/(aarch|arm|i386|loong|mips|ppc|risc|s390)"
    r"|/(win32|darwin|aix|freebsd|openbsd|sunos|dragonfly)"
    r"|\.(h|hpp|a|cmake|html)$|/include/|META-INF/versions"
)


def main():
    targets = [pathlib.Path(folder) for folder in sys.argv[2:4]]
    for target in targets:
        target.mkdir(parents=True, exist_ok=True)
    for jar in pathlib.Path(sys.argv[1]).read_text().strip().split(":"):
        if OTHER_BINARIES.search(jar):
            continue
        if JARS.search(jar):
            target = targets[0]
        elif SPARK_JARS.search(jar):
            target = targets[1]
        else:
            continue
        name = pathlib.Path(jar).name
        with zipfile.ZipFile(jar) as source, zipfile.ZipFile(target / name, "w") as copy:
            for entry in source.infolist():
                if not OTHER_FILES.search(entry.filename):
                    copy.writestr(entry.filename, source.read(entry))


if __name__ == "__main__":
    main()
