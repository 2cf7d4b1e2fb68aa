#!/usr/bin/env python3
"""Compiles the CUDA kernels to the PTX in the jar.

    pip install nvidia-cuda-nvrtc-cu11==11.8.89
    python3 tests/gpu/compile_kernels.py            # writes the resource
    python3 tests/gpu/compile_kernels.py --check    # fails if the resource is out of date

NVRTC needs no GPU. Version 11.8 writes PTX 7.8, which drivers load from version 520. The target
sm_80 is the oldest device that Lethe's kernels support. Drivers compile the same PTX for newer
devices.
"""

import argparse
import ctypes
import hashlib
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "pipeline/src/main/cuda"
TARGET = ROOT / "pipeline/src/main/resources/org/lethe/compute/cuda"
OPTIONS = [b"--gpu-architecture=compute_80", b"--std=c++14", b"-default-device"]


def library():
    for folder in map(pathlib.Path, sys.path):
        for path in sorted(folder.glob("nvidia/cuda_nvrtc/lib/libnvrtc.so.11*")):
            return ctypes.CDLL(str(path))
    sys.exit("NVRTC 11.8 not found: pip install nvidia-cuda-nvrtc-cu11==11.8.89")


def check(nvrtc, code):
    if code:
        nvrtc.nvrtcGetErrorString.restype = ctypes.c_char_p
        raise RuntimeError(nvrtc.nvrtcGetErrorString(code).decode())


def text(nvrtc, program, size, content):
    length = ctypes.c_size_t()
    check(nvrtc, size(program, ctypes.byref(length)))
    buffer = ctypes.create_string_buffer(length.value)
    check(nvrtc, content(program, buffer))
    return buffer.value.decode()


def compile_ptx(nvrtc, source):
    headers = sorted(SOURCES.glob("*.cuh"))
    program = ctypes.c_void_p()
    texts = (ctypes.c_char_p * len(headers))(*[h.read_bytes() for h in headers])
    names = (ctypes.c_char_p * len(headers))(*[h.name.encode() for h in headers])
    check(
        nvrtc,
        nvrtc.nvrtcCreateProgram(
            ctypes.byref(program),
            source.read_bytes(),
            source.name.encode(),
            len(headers),
            texts,
            names,
        ),
    )
    options = (ctypes.c_char_p * len(OPTIONS))(*OPTIONS)
    failed = nvrtc.nvrtcCompileProgram(program, len(OPTIONS), options)
    log = text(nvrtc, program, nvrtc.nvrtcGetProgramLogSize, nvrtc.nvrtcGetProgramLog)
    if failed:
        sys.exit(f"{source.name} does not compile:\n{log}")
    if log.strip():
        print(f"{source.name}: {log}", file=sys.stderr)
    return text(nvrtc, program, nvrtc.nvrtcGetPTXSize, nvrtc.nvrtcGetPTX)


def digest(source):
    """Digest of the source and all headers. A test compares it without a compiler."""
    files = [source, *sorted(SOURCES.glob("*.cuh"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    nvrtc = library()
    stale = []
    for source in sorted(SOURCES.glob("*.cu")):
        ptx = f"// {source.name}, SHA-256 {digest(source)}\n" + compile_ptx(nvrtc, source)
        target = TARGET / (source.stem + ".ptx")
        if arguments.check:
            if not target.exists() or target.read_text() != ptx:
                stale.append(target.name)
        else:
            TARGET.mkdir(parents=True, exist_ok=True)
            target.write_text(ptx)
            print(f"{target.relative_to(ROOT)}: {len(ptx)} characters")
    if stale:
        sys.exit("Out of date: " + ", ".join(stale))


if __name__ == "__main__":
    main()
