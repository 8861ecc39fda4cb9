"""The rules that make findings of what the models said, on made-up evidence."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from functions.vision.boxes import Box
from functions.vision.head_pose import HeadPose
from functions.vision.rules import (
    STANDARD,
    FrameSignals,
    Thresholds,
    View,
    body_of,
    decide_findings,
    is_face,
    persons,
)


@dataclass(frozen=True)
class Shown:
    """What a picture shows, said beforehand."""

    light: float
    brightest: float
    texture: float
    sharpness: float


STRAIGHT = HeadPose(yaw=0, pitch=0, nose=0, anomaly=2, shade=0.8, light=120, width=150)
CLEAR = Shown(light=110, brightest=240, texture=60, sharpness=0.4)
FACE = Box("face", 0.93, 0.4, 0.2, 0.2, 0.25)
BODY = Box("person", 0.8, 0.2, 0.1, 0.6, 0.9)
OTHER_BODY = Box("person", 0.7, 0.82, 0.1, 0.18, 0.9)
ONE = FrameSignals([FACE], [BODY], None, None, STRAIGHT, 0.0, CLEAR)
NOBODY = FrameSignals([], [], None, None, None, None, CLEAR)
DARK = Shown(light=12, brightest=35, texture=12, sharpness=0.7)
BLURRED = Shown(light=110, brightest=230, texture=40, sharpness=0.05)
VIEWS: list[View] = ["first", "second"]


def kinds(
    signals: FrameSignals, view: View = "first", thresholds: Thresholds = STANDARD
) -> set[str]:
    return {finding.kind.value for finding in decide_findings(signals, view, thresholds)}


def with_head(signals: FrameSignals = ONE, /, **changes: float) -> FrameSignals:
    return replace(signals, head=replace(STRAIGHT, **changes))


@pytest.mark.parametrize("view", VIEWS)
def test_one_person_is_nothing(view: View) -> None:
    assert kinds(ONE, view) == set()


@pytest.mark.parametrize("view", VIEWS)
def test_nobody_is_absent(view: View) -> None:
    assert kinds(FrameSignals([], [], None, None, None, None, CLEAR), view) == {"absent"}


def test_absence_is_surer_the_less_there_is() -> None:
    def score(objects: Sequence[Box]) -> float:
        (finding,) = decide_findings(
            FrameSignals([], objects, None, None, None, None, CLEAR), "second", STANDARD
        )
        return finding.score

    assert score([]) == 1
    assert score([replace(BODY, score=0.2)]) == pytest.approx(0.8)


def test_a_faint_body_keeps_the_seat_but_is_not_counted_beside_another() -> None:
    faint = replace(OTHER_BODY, score=0.4)
    assert kinds(FrameSignals([], [faint], None, None, None, None, CLEAR), "second") == set()
    assert kinds(replace(ONE, objects=[BODY, faint])) == set()


@pytest.mark.parametrize("view", VIEWS)
def test_two_bodies_are_one_too_many(view: View) -> None:
    assert kinds(replace(ONE, objects=[BODY, OTHER_BODY]), view) == {"extra_person"}


def test_a_face_without_a_body_is_a_person() -> None:
    stranger = replace(FACE, x=0.85, w=0.1)
    assert len(persons(replace(ONE, faces=[FACE, stranger]), STANDARD)) == 2
    unsure = replace(stranger, score=0.85)
    assert len(persons(replace(ONE, faces=[FACE, unsure]), STANDARD)) == 1


def test_a_face_alone_keeps_the_seat() -> None:
    assert kinds(replace(ONE, objects=[])) == set()


def test_less_is_asked_of_a_large_face_on_a_body() -> None:
    weak = replace(FACE, score=0.6)
    assert is_face(weak, [BODY], STANDARD)
    assert not is_face(weak, [], STANDARD)
    assert not is_face(replace(weak, w=0.05), [BODY], STANDARD)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("label", ["phone", "book"])
def test_things_count_from_their_limits_on(label: str, view: View) -> None:
    limit = getattr(STANDARD, label)
    for score, found in ((limit - 0.01, set()), (limit, {label}), (1.0, {label})):
        thing = Box(label, score, 0.1, 0.7, 0.1, 0.1)
        signals = replace(ONE, phone=thing if label == "phone" else None)
        assert kinds(replace(signals, objects=[BODY, thing]), view) == found


def test_a_score_at_its_limit_is_told_as_a_half() -> None:
    phone = Box("phone", STANDARD.phone, 0.1, 0.7, 0.1, 0.1)
    (finding,) = decide_findings(replace(ONE, phone=phone), "first", STANDARD)
    assert finding.score == 0.5


@pytest.mark.parametrize(
    ("similarity", "found"),
    [
        (None, set()),
        (0.9, set()),
        (0.37, set()),
        (0.36, {"identity_mismatch"}),
        (-0.2, {"identity_mismatch"}),
    ],
)
def test_identity_is_doubted_below_the_limit_in_the_first_view_only(
    similarity: float | None, found: set[str]
) -> None:
    signals = replace(ONE, similarity=similarity)
    assert kinds(signals) == found
    assert kinds(signals, "second") == set()


@pytest.mark.parametrize(
    "changes",
    [{"yaw": 29}, {"yaw": -29}, {"nose": 0.34}, {"yaw": 80, "nose": 2}],
)
def test_a_turned_head_looks_away(changes: dict[str, float]) -> None:
    assert kinds(with_head(ONE, **changes)) == {"looking_away"}
    assert kinds(with_head(ONE, **changes), "second") == set()


def test_a_turned_head_tells_nobodys_identity() -> None:
    assert kinds(with_head(replace(ONE, similarity=0.1), yaw=50)) == {"looking_away"}


@pytest.mark.parametrize("gaze", [-0.15, 0.15])
def test_eyes_alone_look_away_too(gaze: float) -> None:
    assert kinds(replace(ONE, gaze=gaze)) == {"looking_away"}
    assert kinds(replace(ONE, gaze=gaze / 2)) == set()


def test_a_strange_face_is_covered() -> None:
    assert kinds(with_head(anomaly=9)) == {"face_occluded"}


@pytest.mark.parametrize("changes", [{"width": 40}, {"width": 59}])
def test_more_is_asked_of_a_face_hard_to_see(changes: dict[str, float]) -> None:
    assert kinds(with_head(ONE, anomaly=11, **changes)) == set()
    assert kinds(with_head(ONE, anomaly=14, **changes)) == {"face_occluded"}


def test_a_face_in_the_dark_is_not_doubted() -> None:
    assert kinds(with_head(ONE, anomaly=20, light=20)) == set()


def test_a_turned_face_may_be_covered_as_well() -> None:
    assert kinds(with_head(anomaly=14, yaw=35)) == {"face_occluded", "looking_away"}
    assert kinds(with_head(anomaly=14, yaw=60)) == {"looking_away"}


def test_dark_glasses_cover_a_face() -> None:
    assert kinds(with_head(shade=0.2)) == {"face_occluded"}


def test_a_hand_before_the_mouth_covers_a_face_however_it_is_turned() -> None:
    assert kinds(replace(ONE, hand=0.5)) == {"face_occluded"}
    assert kinds(replace(ONE, hand=0.3)) == set()
    turned = with_head(replace(ONE, hand=0.5), yaw=50, nose=0.6)
    assert kinds(turned) == {"face_occluded", "looking_away"}


def test_the_body_of_a_face_is_the_largest_around_it() -> None:
    small = replace(BODY, x=0.38, w=0.24)
    assert body_of(FACE, [small, BODY, OTHER_BODY], STANDARD) == BODY
    assert body_of(FACE, [OTHER_BODY, replace(BODY, score=0.2)], STANDARD) is None
    assert body_of(FACE, [replace(BODY, label="tv")], STANDARD) is None


def test_a_near_body_must_show_its_face() -> None:
    hidden = FrameSignals([], [BODY], None, None, None, None, CLEAR)
    assert kinds(hidden) == {"face_occluded"}
    assert kinds(hidden, "second") == set()
    assert kinds(replace(hidden, objects=[replace(BODY, h=0.3)])) == set()


@pytest.mark.parametrize("label", ["tv", "laptop"])
def test_a_screen_beside_the_candidate_counts_in_the_first_view_only(label: str) -> None:
    screen = Box(label, STANDARD.screen, 0.7, 0.3, 0.2, 0.2)
    beside = replace(ONE, objects=[BODY, screen])
    assert kinds(beside) == {"other_screen"}
    assert kinds(beside, "second") == set()
    assert kinds(replace(beside, objects=[BODY, replace(screen, score=0.59)])) == set()
    around = Box(label, 0.9, 0.1, 0.1, 0.8, 0.8)
    assert kinds(replace(ONE, objects=[BODY, around])) == set()
    assert kinds(FrameSignals([], [screen], None, None, None, None, CLEAR)) == {"absent"}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("light", [5.0, 120.0, 250.0])
def test_a_covered_camera_is_no_empty_seat(light: float, view: View) -> None:
    plain = Shown(light=light, brightest=light + 3, texture=2, sharpness=2)
    assert kinds(replace(NOBODY, quality=plain), view) == {"camera_covered"}
    assert "camera_covered" not in kinds(replace(ONE, quality=plain), view)


def test_a_dark_picture_of_nobody_is_dark_and_not_absent() -> None:
    assert kinds(replace(NOBODY, quality=DARK)) == {"too_dark"}
    assert kinds(replace(NOBODY, quality=DARK), "second") == set()
    lamp = replace(DARK, brightest=140)
    assert kinds(replace(NOBODY, quality=lamp)) == {"absent"}


def test_a_blurred_picture_of_nobody_is_both() -> None:
    assert kinds(replace(NOBODY, quality=BLURRED)) == {"absent", "too_blurred"}


@pytest.mark.parametrize("quality", [DARK, BLURRED])
def test_a_face_found_all_the_same_is_good_enough(quality: Shown) -> None:
    assert kinds(replace(ONE, quality=quality)) == set()


@pytest.mark.parametrize(("quality", "kind"), [(DARK, "too_dark"), (BLURRED, "too_blurred")])
@pytest.mark.parametrize(
    "doubted",
    [
        with_head(anomaly=14),
        with_head(yaw=50),
        replace(ONE, similarity=0.1),
        replace(ONE, gaze=0.2),
        replace(NOBODY, objects=[BODY]),
    ],
)
def test_doubts_in_an_unclear_picture_are_the_pictures(
    doubted: FrameSignals, quality: Shown, kind: str
) -> None:
    assert kinds(replace(doubted, quality=quality)) == {kind}
    assert kinds(replace(doubted, quality=CLEAR)) not in ({kind}, set())
