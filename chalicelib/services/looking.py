"""Writing down who looked at whose pictures."""

from chalicelib.exam.exams import Staff
from chalicelib.exam.looks import Shown, look
from chalicelib.services.ports import World
from chalicelib.services.rooms import actor_of
from chalicelib.services.trying import until_written


def note_look(world: World, staff: Staff, topic: str, shown: Shown) -> None:
    """Write that `staff` looks at a session or a room; repeats within minutes are one look."""
    now = world.clock()

    def attempt() -> None:
        looked = look(world.sessions.looks(topic), actor_of(staff), shown, now)
        if looked is not None:
            world.sessions.commit(*looked)

    until_written(attempt)
