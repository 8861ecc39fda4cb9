"""Compiles what a function imports, since where it runs nothing can be written.

An instance that starts would compile every module anew: half of its start. Python ignores the
bytecode of another version, and compiles as before.
"""

from __future__ import annotations

import compileall
import importlib.util
import py_compile
import sys
from collections.abc import Mapping
from pathlib import Path
from py_compile import PycInvalidationMode

from infra.packages.target import Target

CACHE_FOLDER = "__pycache__"


def can_compile_for(target: Target) -> bool:
    """Tell whether this interpreter compiles for a target."""
    return target.python == Target.here().python


def compile_in_place(folder: Path, mode: PycInvalidationMode) -> None:
    """Compile every module below a folder; what is no valid module is left as it is."""
    compileall.compile_dir(
        folder, maxlevels=sys.getrecursionlimit(), quiet=2, stripdir=folder, invalidation_mode=mode
    )


def compile_files(files: Mapping[str, Path], scratch: Path) -> dict[str, Path]:
    """Compile the modules among `files` (path in the archive → source) into a folder.

    Returns the bytecode as paths in the archive → files.
    """
    compiled = {}
    for number, (name, source) in enumerate(sorted(files.items())):
        if source.suffix != ".py":
            continue
        target = scratch / f"{number}.pyc"
        py_compile.compile(
            str(source),
            cfile=str(target),
            dfile=name,
            doraise=True,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )
        compiled[importlib.util.cache_from_source(name)] = target
    return compiled
