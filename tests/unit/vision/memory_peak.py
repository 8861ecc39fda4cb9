"""Decode the pictures in a folder, and print by how much this process's peak memory grew."""

import re
import sys
from contextlib import suppress
from pathlib import Path

from functions.vision.image_decoding import UnreadablePicture, decode_picture


def peak_kib() -> int:
    """Return this program's peak memory. `ru_maxrss` would include the parent's before `exec`."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])


if __name__ == "__main__":
    before = peak_kib()
    for file in Path(sys.argv[1]).iterdir():
        with suppress(UnreadablePicture):
            decode_picture(file.read_bytes())
    print(peak_kib() - before)
