"""Runs in a clean interpreter (-I -S): can this package's handler be imported? See `check`.

Arguments: the folder of the unpacked package, the handler's name.
The standard library only: nothing of the project can be imported here but the package itself.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

OWN = ("functions", "chalicelib")


def main(package: str, handler: str) -> None:
    """Import the handler and its neighbours; exit with the reason when something is missing."""
    sys.path[:0] = [package]
    module, _, function = handler.rpartition(".")
    if not callable(getattr(importlib.import_module(module), function, None)):
        sys.exit(f"{module} has no function {function}")
    _import_all(module.rpartition(".")[0])
    missing = sorted(set(_missing()))
    if missing:
        sys.exit("; ".join(missing))


def _import_all(name: str) -> None:
    parent = importlib.import_module(name)
    for found in pkgutil.iter_modules(parent.__path__, f"{name}."):
        importlib.import_module(found.name)


def _missing() -> Iterator[str]:
    for name, module in list(sys.modules.items()):
        source = getattr(module, "__file__", None)
        if name.split(".")[0] not in OWN or not source:
            continue
        tree = ast.parse(Path(source).read_text(encoding="utf-8"))
        yield from (f"{name} imports {wanted}" for wanted in _wanted(tree) if not _found(wanted))


def _wanted(node: ast.AST) -> Iterator[str]:
    """The modules that the code below `node` imports, but for those for type checkers."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module and not child.level:
            yield child.module
        else:
            yield from _wanted(child)


def _found(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


if __name__ == "__main__":
    main(*sys.argv[1:])
