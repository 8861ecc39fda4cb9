"""Test shots: a candidate tries a camera, and the models say how it stands. Never a flag."""

from chalicelib.exam.captures import LARGEST_PICTURE
from chalicelib.exam.devices import Shot, ask_shot, shot_seen
from chalicelib.exam.errors import WrongState
from chalicelib.exam.framing import Scene
from chalicelib.exam.states import FINAL
from chalicelib.exam.words import View
from chalicelib.services.ports import DataWorld, SignedForm, World
from chalicelib.services.trying import until_written

UPLOAD_SECONDS = 60
PICTURE_TYPE = "image/jpeg"


def begin_shot(world: World, session_id: str, view: View) -> tuple[Shot, SignedForm]:
    """Return a new test shot and where its picture goes. Raises TooMany, and WrongState at the end."""
    now, tail = world.clock(), world.new_id()

    def attempt() -> Shot:
        whole = world.sessions.whole(session_id)
        if whole.session.state in FINAL:
            raise WrongState
        devices, shot = ask_shot(whole.devices, view, now, tail)
        world.sessions.commit(devices)
        return shot

    shot = until_written(attempt)
    form = world.media.upload_form(shot.key, PICTURE_TYPE, LARGEST_PICTURE, UPLOAD_SECONDS)
    return shot, form


def record_shot(
    world: DataWorld, session_id: str, view: View, capture_id: str, scene: Scene | None
) -> None:
    """Take in what a test shot showed; a repeat changes nothing."""
    now = world.clock()

    def attempt() -> None:
        before = world.sessions.whole(session_id).devices
        after = shot_seen(before, view, capture_id, scene, now)
        if after is not before:
            world.sessions.commit(after)

    until_written(attempt)
