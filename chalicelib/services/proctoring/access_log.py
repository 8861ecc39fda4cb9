"""Writing down who looked at whose pictures."""

from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.review.access_log import Shown, look
from chalicelib.retry import until_written
from chalicelib.services.core.access import actor_of
from chalicelib.services.ports import World


def note_look(world: World, staff: Staff, topic: str, shown: Shown) -> None:
    """Write that `staff` looks at a session or a room; repeats within minutes are one look."""
    now = world.clock()

    def attempt() -> None:
        looked = look(world.sessions.looks(topic), actor_of(staff), shown, now)
        if looked is not None:
            world.sessions.commit(*looked)

    until_written(attempt)
