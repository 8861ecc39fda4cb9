"""The time zone in which an exam's times were announced, by its IANA name."""

from functools import cache
from zoneinfo import available_timezones

from chalicelib.domain.exams.exam_validation import InvalidSetup
from chalicelib.domain.types import LocalizedText

MAX_NAME = 64


class UnknownTimeZone(InvalidSetup):
    """No time zone has that name."""

    code = "unknown_time_zone"


def require_time_zone(name: str) -> str:
    """Return a time zone's name; empty is that of the deployment. Raises UnknownTimeZone."""
    if name and name not in _known():
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
