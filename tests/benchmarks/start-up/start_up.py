"""Runs a command and prints when each line of its output came.

Usage: start_up.py UNTIL COMMAND [ARGUMENT...]; ends the command at the first line that contains
UNTIL. Prints seconds and processor seconds since the start, and the line.
"""
import os
import subprocess
import sys
import time


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    ticks = sum(int(field) for field in fields[11:15])  # Own and of children that ended.
    return ticks / os.sysconf("SC_CLK_TCK")


until, command = sys.argv[1], sys.argv[2:]
start = time.monotonic()
process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
for line in process.stdout:
    print(
        f"{time.monotonic() - start:6.2f} {processor_seconds(process.pid):6.2f} {line.rstrip()}",
        flush=True,
    )
    if until in line:
        process.kill()
        break
process.wait()
