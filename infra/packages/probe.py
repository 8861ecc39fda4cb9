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


def main(package: str, handler: str) -> None:
    """Import the handler and its neighbours; exit with the reason when something is missing."""
    sys.path[:0] = [package]
    module, _, function = handler.rpartition(".")
    if not callable(getattr(importlib.import_module(module), function, None)):
        sys.exit(f"{module} has no function {function}")
    own = module.rpartition(".")[0]
    _import_all(own)
    missing = sorted(set(_missing_imports((own, "chalicelib"))))
    if missing:
        sys.exit("; ".join(missing))


def _import_all(name: str) -> None:
    parent = importlib.import_module(name)
    for found in pkgutil.iter_modules(parent.__path__, f"{name}."):
        importlib.import_module(found.name)


def _missing_imports(packages: tuple[str, ...]) -> Iterator[str]:
    """What these packages' loaded modules import and is not there.

    Modules that several functions share are left out: they may import for one what another lacks.
    """
    for name, module in list(sys.modules.items()):
        source = getattr(module, "__file__", None)
        if not source or not f"{name}.".startswith(tuple(f"{own}." for own in packages)):
            continue
        tree = ast.parse(Path(source).read_text(encoding="utf-8"))
        yield from (
            f"{name} imports {wanted}"
            for wanted in _imported_modules(tree)
            if not _is_importable(wanted)
        )


def _imported_modules(node: ast.AST) -> Iterator[str]:
    """The modules that the code below `node` imports, but for those for type checkers."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module and not child.level:
            yield child.module
        else:
            yield from _imported_modules(child)


def _is_importable(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False


if __name__ == "__main__":
    main(*sys.argv[1:])
