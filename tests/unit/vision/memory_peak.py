"""Reads the pictures in a folder, and prints by how much this process's memory grew at its peak."""

import re
import sys
from contextlib import suppress
from pathlib import Path

from functions.vision.image_decoding import UnreadablePicture, decode_picture


def peak_kib() -> int:
    """The most that this program has held. `ru_maxrss` would count what its parent held, too."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0])


if __name__ == "__main__":
    before = peak_kib()
    for file in Path(sys.argv[1]).iterdir():
        with suppress(UnreadablePicture):
            decode_picture(file.read_bytes())
    print(peak_kib() - before)
