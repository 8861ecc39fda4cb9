"""Imports a package's handler in an isolated interpreter (-I -S); see `check`.

Arguments: the folder of the unpacked package, the handler's dotted name.
Imports the standard library only: the project is not importable here except for the package.
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
    """Import the handler and the modules of its package; exit with the reason on failure."""
    sys.path[:0] = [package]
    module, _, function = handler.rpartition(".")
    if not callable(getattr(importlib.import_module(module), function, None)):
        sys.exit(f"{module} has no function {function}")
    function_package = module.rpartition(".")[0]
    _import_all(function_package)
    missing = sorted(set(_missing_imports((function_package, "chalicelib"))))
    if missing:
        sys.exit("; ".join(missing))


def _import_all(name: str) -> None:
    parent = importlib.import_module(name)
    for module in pkgutil.iter_modules(parent.__path__, f"{name}."):
        importlib.import_module(module.name)


def _missing_imports(packages: tuple[str, ...]) -> Iterator[str]:
    """Yield the unresolvable imports of the packages' loaded modules.

    Modules shared by functions are excluded: they may import what only some functions require.
    """
    for name, module in list(sys.modules.items()):
        source = getattr(module, "__file__", None)
        if not source or not f"{name}.".startswith(tuple(f"{package}." for package in packages)):
            continue
        tree = ast.parse(Path(source).read_text(encoding="utf-8"))
        yield from (
            f"{name} imports {imported}"
            for imported in _imported_modules(tree)
            if not _is_importable(imported)
        )


def _imported_modules(node: ast.AST) -> Iterator[str]:
    """Yield the modules that the code below `node` imports, except under TYPE_CHECKING."""
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
