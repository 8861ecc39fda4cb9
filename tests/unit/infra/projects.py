"""A minimal project with four functions, to test packaging without the real dependencies."""

from pathlib import Path

HANDLER = "def handle(event, context):\n    return {'batchItemFailures': []}\n"


def small_project(root: Path, handler: str = HANDLER) -> Path:
    """Create functions with the source `handler` and no requirements; return `root`."""
    (root / "chalicelib" / "api").mkdir(parents=True)
    (root / "chalicelib" / "__init__.py").touch()
    (root / "chalicelib" / "api" / "routes.py").touch()
    for name in ("vision", "sound", "recording", "notify", "sms", "retention"):
        folder = root / "functions" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "handler.py").write_text(handler)
        (folder / "requirements.txt").touch()
    (root / "functions" / "__init__.py").touch()
    return root
