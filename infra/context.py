"""The use cases bound to a stage's tables and buckets, for commands outside Lambda."""

from __future__ import annotations

import os

from chalicelib.services.ports import AppContext
from chalicelib.wiring.api import build_app_context
from chalicelib.wiring.settings import settings


def app_context(stage: str) -> AppContext:
    """Return the application context of a stage on the AWS that the environment selects."""
    os.environ["INVIGIL_STAGE"] = stage
    settings.cache_clear()
    return build_app_context()
