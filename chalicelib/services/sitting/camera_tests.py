"""Camera tests: a candidate tests a camera's placement before the exam. They never raise flags."""

from chalicelib.domain.capture.cameras import CameraTest, apply_camera_test, request_camera_test
from chalicelib.domain.errors import WrongState
from chalicelib.domain.rules.camera_placement import PlacementScene
from chalicelib.domain.sessions.states import ENDED_STATES
from chalicelib.domain.types import View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.capture_uploads import picture_upload_form
from chalicelib.services.ports import AppContext, FunctionContext, SignedForm

FORM_SECONDS = 60


def start_camera_test(
    context: AppContext, session_id: str, view: View
) -> tuple[CameraTest, SignedForm]:
    """Start a camera test and return it with the form that uploads its picture.

    Raises TooMany, and WrongState once the session has ended.
    """
    now, suffix = context.clock(), context.new_id()

    def attempt() -> CameraTest:
        bundle = context.sessions.bundle(session_id)
        if bundle.session.state in ENDED_STATES:
            raise WrongState
        cameras, camera_test = request_camera_test(bundle.cameras, view, now, suffix)
        context.sessions.commit(cameras)
        return camera_test

    camera_test = retry_on_conflict(attempt)
    return camera_test, picture_upload_form(context, camera_test.key, FORM_SECONDS)


def awaits_picture(context: FunctionContext, session_id: str, view: View, capture_id: str) -> bool:
    """Return whether a camera test is the latest of its view and was not analysed yet."""
    camera_test = context.sessions.bundle(session_id).cameras.tests.get(view)
    if camera_test is None or camera_test.capture_id != capture_id:
        return False
    return camera_test.analyzed_at is None


def record_camera_test(
    context: FunctionContext,
    session_id: str,
    view: View,
    capture_id: str,
    scene: PlacementScene | None,
) -> None:
    """Record what the models found in a camera test's picture. Idempotent."""
    now = context.clock()

    def attempt() -> None:
        before = context.sessions.bundle(session_id).cameras
        after = apply_camera_test(before, view, capture_id, scene, now)
        if after is not before:
            context.sessions.commit(after)

    retry_on_conflict(attempt)
