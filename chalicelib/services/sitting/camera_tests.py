"""Test shots: a candidate tries a camera, and the models say how it stands. Never a flag."""

from chalicelib.domain.capture.cameras import Shot, ask_shot, shot_seen
from chalicelib.domain.capture.captures import LARGEST_PICTURE, PICTURE_TYPE
from chalicelib.domain.errors import WrongState
from chalicelib.domain.rules.camera_placement import Scene
from chalicelib.domain.sessions.states import FINAL
from chalicelib.domain.types import View
from chalicelib.retry import until_written
from chalicelib.services.ports import DataWorld, SignedForm, World

UPLOAD_SECONDS = 60


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
