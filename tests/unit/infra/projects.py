"""A small project with the three functions, for packaging without the real ones' weight."""

from pathlib import Path

HANDLER = "def handle(event, context):\n    return {'batchItemFailures': []}\n"


def small_project(root: Path, handler: str = HANDLER) -> Path:
    """Write functions whose handler is `handler` and that require nothing; return `root`."""
    (root / "chalicelib" / "api").mkdir(parents=True)
    (root / "chalicelib" / "__init__.py").touch()
    (root / "chalicelib" / "api" / "routes.py").touch()
    for name in ("vision", "sound", "notify", "sms"):
        folder = root / "functions" / name
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
        (folder / "handler.py").write_text(handler)
        (folder / "requirements.txt").touch()
    (root / "functions" / "__init__.py").touch()
    return root
