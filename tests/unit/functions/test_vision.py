"""From an uploaded picture to the session's flags, with the real models and in-memory adapters."""

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image, ImageOps

from chalicelib.domain.identity.verification import Consent
from chalicelib.domain.monitoring.monitor_state import start_expecting
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SECOND, View
from chalicelib.services.identity.verification import decide_identity, start_verification
from chalicelib.services.sitting.camera_tests import start_camera_test
from functions.embeddings import decode_embedding, encode_embedding
from functions.uploads import parse_key, process_batch
from functions.vision.handler import process_upload
from functions.vision.pipeline import VisionPipeline
from tests.data import scenes
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.events import event
from tests.support.fake_context import (
    FakeContext,
    act_by,
    add_session,
    update_identity,
)
from tests.support.jpegs import taken_anew
from tests.unit.vision.malformed import claiming


@pytest.fixture(scope="module")
def pipeline() -> VisionPipeline:
    return VisionPipeline.load()


def jpeg(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def upload(
    context: FakeContext,
    pipeline: VisionPipeline,
    second: int,
    data: bytes,
    view: View = View.FIRST,
) -> None:
    """Upload and process a snapshot."""
    key = f"snapshots/5e55/{view}/{NOW + second * SECOND:013d}-aaaaaaaaaa.jpg"
    context.media.objects[key] = taken_anew(data, key)
    process_upload(context, context.media, pipeline, parse_key(key, NOW))


def verify(
    context: FakeContext, pipeline: VisionPipeline, picture: bytes, turn_picture: bytes = b""
) -> None:
    attempt = start_verification(context, "5e55").attempt
    context.media.objects[attempt.key] = taken_anew(picture, attempt.key)
    if turn_picture:
        context.media.objects[attempt.turn_key] = taken_anew(turn_picture, attempt.turn_key)
    process_upload(context, context.media, pipeline, parse_key(attempt.key, NOW))


def test_an_empty_seat_is_flagged_and_one_person_is_not(
    context: FakeContext, pipeline: VisionPipeline
) -> None:
    add_session(context)
    person, empty = jpeg(scenes.one_person("person_a.jpg")), jpeg(scenes.empty())
    for second, picture in enumerate([person, person, empty, empty, person, person]):
        upload(context, pipeline, 5 * second, picture)
    [flag] = context.sessions.flags("5e55")
    assert (flag.kind, flag.began_at, flag.ended_at) == (
        "absent", NOW + 10 * SECOND, NOW + 20 * SECOND,
    )  # fmt: skip
    [newest] = context.sessions.observations("5e55", limit=1)
    assert newest.models
    assert newest.timings_ms
    assert {box.label for box in newest.boxes} >= {"face"}


def test_a_moved_second_camera_is_flagged_until_monitoring_restarts(
    context: FakeContext, pipeline: VisionPipeline
) -> None:
    add_session(context)
    for second in range(0, 110, 10):
        shift = (140, -60) if second >= 30 else (0, 0)
        upload(context, pipeline, second, jpeg(scenes.in_room("person_a.jpg", shift)), View.SECOND)
    [flag] = context.sessions.flags("5e55")
    assert (flag.kind, flag.view, flag.began_at) == ("camera_moved", "second", NOW + 30 * SECOND)
    [newest] = context.sessions.observations("5e55", limit=1)
    assert newest.measures is not None
    assert newest.measures["alike"] < 0.45
    monitor = start_expecting(context.sessions.bundle("5e55").monitor, (View.SECOND,), NOW)
    context.sessions.commit(monitor)
    for second in range(120, 160, 10):
        upload(
            context, pipeline, second, jpeg(scenes.in_room("person_a.jpg", (140, -60))), View.SECOND
        )
    [flag] = context.sessions.flags("5e55")
    assert flag.ended_at == NOW + 120 * SECOND


def test_a_frozen_picture_is_flagged_after_minutes(
    context: FakeContext, pipeline: VisionPipeline
) -> None:
    add_session(context)
    still = jpeg(scenes.one_person("person_a.jpg"))
    for second in (0, 5, 280, 300, 305):
        upload(context, pipeline, second, still)
    assert context.sessions.flags("5e55") == []
    upload(context, pipeline, 310, still)
    [flag] = context.sessions.flags("5e55")
    assert (flag.kind, flag.began_at) == ("frozen", NOW + 300 * SECOND)


@pytest.mark.parametrize(("profile", "hits"), [("strict", 2), ("standard", 2), ("lenient", 3)])
def test_the_profile_decides_how_many_pictures_of_a_phone_raise_a_flag(
    context: FakeContext, pipeline: VisionPipeline, profile: str, hits: int
) -> None:
    """The findings of a picture are the same in every profile; the rules over time differ."""
    add_session(context, profile=profile)
    phone = jpeg(scenes.holding_phone("person_b.jpg"))
    flag_counts = []
    for number in range(3):
        upload(context, pipeline, 5 * number, phone)
        flag_counts.append(len(context.sessions.flags("5e55")))
    assert flag_counts == [number + 1 >= hits for number in range(3)]
    observations = context.sessions.observations("5e55", limit=9)
    findings = {observation.findings for observation in observations}
    assert findings == {pipeline.analyze(phone, view="first").findings}


def test_a_snapshot_takes_four_store_calls(context: FakeContext, pipeline: VisionPipeline) -> None:
    add_session(context)
    context.sessions.calls.clear()
    upload(context, pipeline, 0, jpeg(scenes.one_person("person_a.jpg")))
    assert len(context.sessions.calls) == 4


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"plain text, named as a picture" * 20, "not_an_image"),
        (claiming(60_000, 60_000), "too_large"),
        (jpeg(scenes.empty())[:5_000], "truncated"),
    ],
    ids=["no bytes", "text", "bomb", "cut"],
)
def test_an_unreadable_picture_is_an_error_and_never_a_flag(
    context: FakeContext, pipeline: VisionPipeline, data: bytes, reason: str
) -> None:
    add_session(context)
    for second in range(0, 25, 5):
        upload(context, pipeline, second, data)
    observations = context.sessions.observations("5e55", limit=9)
    assert {observation.error for observation in observations} == {reason}
    assert len(observations) == 5
    assert context.sessions.flags("5e55") == []


def test_a_deleted_picture_is_ignored(context: FakeContext, pipeline: VisionPipeline) -> None:
    add_session(context)
    batch = event("sqs_one_upload")
    response = process_batch(
        batch, lambda upload: process_upload(context, context.media, pipeline, upload)
    )
    assert response == {"batchItemFailures": []}
    assert context.sessions.observations("5e55", limit=9) == []


@pytest.mark.parametrize(
    ("view", "scene", "problems"),
    [
        (View.FIRST, scenes.one_person("person_a.jpg"), []),
        (View.FIRST, scenes.one_person("person_b.jpg"), []),
        (View.FIRST, scenes.empty(), ["no_face"]),
        (View.FIRST, scenes.two_people("person_a.jpg", "person_b.jpg"), ["several_people"]),
        (View.FIRST, scenes.in_dim_light("person_a.jpg"), ["too_dark"]),
        (View.SECOND, scenes.one_person("person_c.jpg"), ["no_desk"]),
        (View.SECOND, scenes.one_person("person_a.jpg"), ["from_front", "no_desk"]),
        (View.SECOND, scenes.empty(), ["nobody"]),
    ],
    ids=["a", "b", "nobody", "two", "dark", "from the side", "from the front", "empty chair"],
)
def test_a_test_shot_gives_the_placement_problems(
    context: FakeContext,
    pipeline: VisionPipeline,
    view: View,
    scene: Image.Image,
    problems: list[str],
) -> None:
    add_session(context, state=State.SIGNED_IN)
    _, form = start_camera_test(context, "5e55", view)
    context.media.objects[form.fields["key"]] = jpeg(scene)
    process_upload(context, context.media, pipeline, parse_key(form.fields["key"], NOW))
    camera_test = context.sessions.bundle("5e55").cameras.tests[view]
    assert (camera_test.analyzed_at, [*camera_test.problems]) == (NOW, problems)
    assert context.sessions.observations("5e55", limit=9) == []


class TestVerification:
    @pytest.fixture(autouse=True)
    def pledged(self, context: FakeContext) -> None:
        add_session(context, state=State.PLEDGED)
        update_identity(context, consent=Consent.GIVEN)
        registration_photo = jpeg(scenes.picture("person_a_again.jpg"))
        context.media.objects[build.candidate().photo_key or ""] = registration_photo

    def status(self, context: FakeContext) -> tuple[Any, ...]:
        bundle = context.sessions.bundle("5e55")
        return bundle.identity.status, bundle.identity.reason, bundle.session.state

    def test_the_same_person_is_verified(
        self, context: FakeContext, pipeline: VisionPipeline
    ) -> None:
        turned = jpeg(scenes.with_head_turned("person_a.jpg"))
        verify(context, pipeline, jpeg(scenes.one_person("person_a.jpg")), turned)
        assert self.status(context) == ("verified", None, State.IDENTITY_VERIFIED)

    def test_the_registration_photo_itself_is_left_to_a_person(
        self, context: FakeContext, pipeline: VisionPipeline
    ) -> None:
        photo = context.media.objects[build.candidate().photo_key or ""]
        attempt = start_verification(context, "5e55").attempt
        context.media.objects[attempt.key] = photo
        process_upload(context, context.media, pipeline, parse_key(attempt.key, NOW))
        assert self.status(context) == ("pending", "same_picture", State.PLEDGED)

    def test_the_registration_photo_encoded_again_is_left_to_a_person(
        self, context: FakeContext, pipeline: VisionPipeline
    ) -> None:
        photo = context.media.objects[build.candidate().photo_key or ""]
        verify(context, pipeline, photo, jpeg(scenes.with_head_turned("person_a.jpg")))
        assert self.status(context) == ("pending", "too_similar", State.PLEDGED)

    @pytest.mark.parametrize("used", ["straight", "turned", "snapshot"])
    def test_a_picture_used_before_is_left_to_a_person(
        self, context: FakeContext, pipeline: VisionPipeline, used: str
    ) -> None:
        first = start_verification(context, "5e55").attempt
        stranger = jpeg(scenes.one_person("person_b.jpg"))
        turned = jpeg(scenes.with_head_turned("person_a.jpg"))
        context.media.objects |= {first.key: stranger, first.turn_key: turned}
        process_upload(context, context.media, pipeline, parse_key(first.key, NOW))
        picture = jpeg(scenes.one_person("person_a.jpg"))
        if used == "snapshot":
            key = f"snapshots/5e55/second/{NOW:013d}-aaaaaaaaaa.jpg"
            context.media.objects[key] = picture
            process_upload(context, context.media, pipeline, parse_key(key, NOW))
        second = start_verification(context, "5e55").attempt
        context.media.objects[second.key] = stranger if used == "straight" else picture
        context.media.objects[second.turn_key] = turned if used == "turned" else turned + b"\0"
        process_upload(context, context.media, pipeline, parse_key(second.key, NOW))
        assert self.status(context) == ("pending", "same_picture", State.PLEDGED)

    def test_whoever_has_no_face_for_the_models_reaches_a_person(
        self, context: FakeContext, pipeline: VisionPipeline
    ) -> None:
        for _ in range(3):
            verify(context, pipeline, jpeg(scenes.empty()))
        assert self.status(context) == ("pending", "no_face", State.PLEDGED)
        decide_identity(context, act_by(context.registry.staff("proctor")), None, accept=True)
        assert self.status(context) == ("verified", None, State.IDENTITY_VERIFIED)

    def test_a_picture_replaced_after_it_was_judged_is_told(
        self, context: FakeContext, pipeline: VisionPipeline
    ) -> None:
        verify(context, pipeline, jpeg(scenes.one_person("person_b.jpg")))
        key = context.sessions.bundle("5e55").identity.key or ""
        process_upload(context, context.media, pipeline, parse_key(key, NOW))
        assert context.sessions.flags("5e55") == []
        context.media.objects[key] = jpeg(scenes.one_person("person_a.jpg"))
        process_upload(context, context.media, pipeline, parse_key(key, NOW))
        [flag] = context.sessions.flags("5e55")
        assert flag.kind == "capture_replaced"
        assert self.status(context) == ("retry", "not_alike", State.PLEDGED)

    def test_another_person_must_retry(
        self, context: FakeContext, pipeline: VisionPipeline
    ) -> None:
        verify(context, pipeline, jpeg(scenes.one_person("person_b.jpg")))
        assert self.status(context) == ("retry", "not_alike", State.PLEDGED)

    @pytest.mark.parametrize(
        ("picture", "reason"),
        [
            (jpeg(scenes.empty()), "no_face"),
            (jpeg(scenes.two_people("person_a.jpg", "person_b.jpg")), "several_faces"),
            (b"no picture", "unreadable"),
        ],
        ids=["nobody", "two", "unreadable"],
    )
    def test_a_picture_without_exactly_one_face_must_be_retaken(
        self, context: FakeContext, pipeline: VisionPipeline, picture: bytes, reason: str
    ) -> None:
        verify(context, pipeline, picture)
        assert self.status(context) == ("retry", reason, State.PLEDGED)

    @pytest.mark.parametrize("photo", [None, b"no picture", b""])
    def test_without_a_usable_registration_photo_a_proctor_decides(
        self, context: FakeContext, pipeline: VisionPipeline, photo: bytes | None
    ) -> None:
        if photo is None:
            context.registry.put_candidate(replace(build.candidate(), photo_key=None, version=2))
        else:
            context.media.objects[build.candidate().photo_key or ""] = photo
        verify(context, pipeline, jpeg(scenes.one_person("person_a.jpg")))
        assert self.status(context) == ("pending", "no_photo", State.PLEDGED)
        embedding = context.sessions.bundle("5e55").identity.embedding
        assert embedding
        assert encode_embedding(decode_embedding(embedding)) == embedding

    def test_without_consent_nothing_is_compared(
        self, context: FakeContext, pipeline: VisionPipeline
    ) -> None:
        attempt = start_verification(context, "5e55").attempt
        context.media.objects[attempt.key] = jpeg(scenes.one_person("person_a.jpg"))
        update_identity(context, consent=Consent.WITHDRAWN)
        before = context.sessions.stored_records("5e55")
        process_upload(context, context.media, pipeline, parse_key(attempt.key, NOW))
        assert context.sessions.stored_records("5e55") == before

    @pytest.mark.parametrize(
        ("turn_picture", "movement", "status"),
        [
            (ImageOps.mirror(scenes.one_person("person_c.jpg")), "moved", "verified"),
            (scenes.one_person("person_c.jpg"), "still", "pending"),
            (scenes.one_person("person_b.jpg"), "unclear", "retry"),
            (scenes.empty(), "unclear", "retry"),
            (None, "unclear", "pending"),
        ],
        ids=["turned to the right", "not turned", "somebody else", "nobody", "left out"],
    )
    def test_the_head_turn_is_recorded_and_the_machine_accepts_no_other(
        self,
        context: FakeContext,
        pipeline: VisionPipeline,
        turn_picture: Image.Image | None,
        movement: str,
        status: str,
    ) -> None:
        # Person C looks to his left; mirrored, to his right.
        context.media.objects[build.candidate().photo_key or ""] = jpeg(
            scenes.picture("person_c.jpg")
        )
        picture = jpeg(scenes.one_person("person_c.jpg"))
        verify(context, pipeline, picture, jpeg(turn_picture) if turn_picture else b"")
        identity = context.sessions.bundle("5e55").identity
        assert (identity.status, identity.movement) == (status, movement)
