"""Test shots: a candidate tries a camera, and the models say how it stands. Never a flag."""

from chalicelib.domain.capture.cameras import CameraTest, apply_camera_test, request_camera_test
from chalicelib.domain.capture.captures import MAX_PICTURE_BYTES, PICTURE_TYPE
from chalicelib.domain.errors import WrongState
from chalicelib.domain.rules.camera_placement import PlacementScene
from chalicelib.domain.sessions.states import FINAL_STATES
from chalicelib.domain.types import View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.ports import AppContext, FunctionContext, SignedForm

UPLOAD_SECONDS = 60


def start_camera_test(
    world: AppContext, session_id: str, view: View
) -> tuple[CameraTest, SignedForm]:
    """Return a new test shot and where its picture goes. Raises TooMany, and WrongState at the end."""
    now, tail = world.clock(), world.new_id()

    def attempt() -> CameraTest:
        whole = world.sessions.bundle(session_id)
        if whole.session.state in FINAL_STATES:
            raise WrongState
        devices, shot = request_camera_test(whole.cameras, view, now, tail)
        world.sessions.commit(devices)
        return shot

    shot = retry_on_conflict(attempt)
    form = world.media.upload_form(shot.key, PICTURE_TYPE, MAX_PICTURE_BYTES, UPLOAD_SECONDS)
    return shot, form


def record_camera_test(
    world: FunctionContext,
    session_id: str,
    view: View,
    capture_id: str,
    scene: PlacementScene | None,
) -> None:
    """Take in what a test shot showed; a repeat changes nothing."""
    now = world.clock()

    def attempt() -> None:
        before = world.sessions.bundle(session_id).cameras
        after = apply_camera_test(before, view, capture_id, scene, now)
        if after is not before:
            world.sessions.commit(after)

    retry_on_conflict(attempt)
