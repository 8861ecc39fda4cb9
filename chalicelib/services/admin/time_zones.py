"""The time zone in which an exam's times were announced, by its IANA name."""

import re
from functools import cache
from zoneinfo import available_timezones

from chalicelib.domain.exams.exam_validation import InvalidSetup
from chalicelib.domain.types import LocalizedText

_SHAPE = re.compile(r"[A-Za-z][\w+-]*(/[A-Za-z][\w+-]*){0,2}", re.ASCII)
MAX_NAME = 64


class UnknownTimeZone(InvalidSetup):
    """No time zone has that name."""

    code = "unknown_time_zone"


def require_time_zone(name: str) -> str:
    """Return a time zone's name; empty is that of the deployment. Raises UnknownTimeZone.

    A system without a database of zones can judge the name's form only: pages leave a zone that
    their browser does not know.
    """
    known = _known()
    is_named = len(name) <= MAX_NAME and _SHAPE.fullmatch(name) is not None
    if name and not (is_named and (not known or name in known)):
        raise UnknownTimeZone(
            LocalizedText(
                f"没有名为“{name[:MAX_NAME]}”的时区。请使用 IANA 名称，如 Asia/Shanghai。",
                f"There is no time zone “{name[:MAX_NAME]}”. Use an IANA name such as Asia/Shanghai.",
            )
        )
    return name


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
