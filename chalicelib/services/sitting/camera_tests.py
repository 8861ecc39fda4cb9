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
    context: AppContext, session_id: str, view: View
) -> tuple[CameraTest, SignedForm]:
    """Return a new test shot and where its picture goes. Raises TooMany, and WrongState at the end."""
    now, tail = context.clock(), context.new_id()

    def attempt() -> CameraTest:
        bundle = context.sessions.bundle(session_id)
        if bundle.session.state in FINAL_STATES:
            raise WrongState
        cameras, camera_test = request_camera_test(bundle.cameras, view, now, tail)
        context.sessions.commit(cameras)
        return camera_test

    camera_test = retry_on_conflict(attempt)
    form = context.media.upload_form(
        camera_test.key, PICTURE_TYPE, MAX_PICTURE_BYTES, UPLOAD_SECONDS
    )
    return camera_test, form


def record_camera_test(
    context: FunctionContext,
    session_id: str,
    view: View,
    capture_id: str,
    scene: PlacementScene | None,
) -> None:
    """Take in what a test shot showed; a repeat changes nothing."""
    now = context.clock()

    def attempt() -> None:
        before = context.sessions.bundle(session_id).cameras
        after = apply_camera_test(before, view, capture_id, scene, now)
        if after is not before:
            context.sessions.commit(after)

    retry_on_conflict(attempt)
