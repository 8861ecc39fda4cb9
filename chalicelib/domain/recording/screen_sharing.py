"""What the exam page knows of the shared screen."""

from enum import StrEnum


class ScreenStatus(StrEnum):
    """Whether the whole screen is shared, or why not."""

    SHARED = "shared"
    WINDOW = "window"  # a window or a tab instead
    STOPPED = "stopped"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"  # the browser cannot share its screen


NEVER_SHARED = "never_shared"
"""What the flag says where the page has told nothing."""


def is_withheld(status: ScreenStatus | None) -> bool:
    """Return whether the whole screen could be shared, as far as is known, and is not."""
    return status not in {ScreenStatus.SHARED, ScreenStatus.UNSUPPORTED}
