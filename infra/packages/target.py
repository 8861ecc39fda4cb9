"""The platform that a package is built for."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

# Newest first. Lambda's Python 3.12 runs on Amazon Linux 2023, which has glibc 2.34.
GLIBC = ("2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5")
MACHINES = {"arm64": "aarch64", "amd64": "x86_64"}


@dataclass(frozen=True)
class Target:
    """A Python version, processor and system; `system` is `linux` on Lambda."""

    python: str = "3.12"
    machine: str = "x86_64"
    system: str = "linux"

    @classmethod
    def here(cls) -> Target:
        """Return the platform of this interpreter, which also runs the local Lambda functions."""
        machine = platform.machine().lower()
        return cls(
            python=f"{sys.version_info.major}.{sys.version_info.minor}",
            machine=MACHINES.get(machine, machine),
            system=sys.platform,
        )

    @property
    def name(self) -> str:
        """A short name, for cache keys."""
        return f"cp{self.python.replace('.', '')}-{self.system}-{self.machine}"

    @property
    def pip_options(self) -> list[str]:
        """The options with which pip selects this platform's wheels."""
        if self.system != "linux":
            return []  # only used for this machine
        tag = f"cp{self.python.replace('.', '')}"
        platforms = [f"manylinux_{glibc}_{self.machine}" for glibc in GLIBC]
        platforms.append(f"manylinux2014_{self.machine}")
        return [
            *(f"--platform={name}" for name in platforms),
            f"--python-version={self.python}",
            "--implementation=cp",
            *(f"--abi={abi}" for abi in (tag, "abi3", "none")),
        ]


LAMBDA = Target()
