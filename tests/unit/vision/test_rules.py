"""The rules from the models' output to findings, on synthetic signals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from functions.vision.boxes import Box
from functions.vision.faces import is_body_cut_by_frame
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
from functions.vision.thing_rules import things_found


@dataclass(frozen=True)
class FixedQuality:
    """Picture quality with fixed values."""

    light: float
    brightest: float
    texture: float
    sharpness: float


STRAIGHT = HeadPose(yaw=0, pitch=0, nose=0, anomaly=2, dark_glasses=0.1, light=120, width=150)
CLEAR = FixedQuality(light=110, brightest=240, texture=60, sharpness=0.4)
FACE = Box("face", 0.93, 0.4, 0.2, 0.2, 0.25)
BODY = Box("person", 0.8, 0.2, 0.1, 0.6, 0.9)
OTHER_BODY = Box("person", 0.7, 0.82, 0.1, 0.18, 0.9)
ONE_PERSON = FrameSignals([FACE], [BODY], None, None, STRAIGHT, 0.0, CLEAR)
NOBODY = FrameSignals([], [], None, None, None, None, CLEAR)
DARK = FixedQuality(light=12, brightest=35, texture=12, sharpness=0.7)
BLURRED = FixedQuality(light=110, brightest=230, texture=40, sharpness=0.05)
VIEWS: list[View] = ["first", "second"]


def kinds(
    signals: FrameSignals, view: View = "first", thresholds: Thresholds = STANDARD
) -> set[str]:
    return {finding.kind.value for finding in decide_findings(signals, view, thresholds)}


def with_head(signals: FrameSignals = ONE_PERSON, /, **changes: float) -> FrameSignals:
    return replace(signals, head=replace(STRAIGHT, **changes))


@pytest.mark.parametrize("view", VIEWS)
def test_one_person_gives_no_finding(view: View) -> None:
    assert kinds(ONE_PERSON, view) == set()


@pytest.mark.parametrize("view", VIEWS)
def test_nobody_is_absent(view: View) -> None:
    assert kinds(FrameSignals([], [], None, None, None, None, CLEAR), view) == {"absent"}


def test_absence_scores_lower_with_a_faint_body() -> None:
    def score(objects: Sequence[Box]) -> float:
        (finding,) = decide_findings(
            FrameSignals([], objects, None, None, None, None, CLEAR), "second", STANDARD
        )
        return finding.score

    assert score([]) == 1
    assert score([replace(BODY, score=0.2)]) == pytest.approx(0.8)


def test_a_faint_body_occupies_the_seat_but_is_no_extra_person() -> None:
    faint = replace(OTHER_BODY, x=0.75, score=0.4)  # not cut by the edge
    assert kinds(FrameSignals([], [faint], None, None, None, None, CLEAR), "second") == set()
    assert kinds(replace(ONE_PERSON, objects=[BODY, faint])) == set()


@pytest.mark.parametrize("view", VIEWS)
def test_two_bodies_are_an_extra_person(view: View) -> None:
    assert kinds(replace(ONE_PERSON, objects=[BODY, OTHER_BODY]), view) == {"extra_person"}


HELPER = Box("person", STANDARD.person_at_edge, 0.85, 0.1, 0.15, 0.9)


@pytest.mark.parametrize("x", [0.0, 0.85])
def test_a_body_cut_by_the_left_or_right_edge_counts_from_a_lower_score(x: float) -> None:
    assert kinds(replace(ONE_PERSON, objects=[BODY, replace(HELPER, x=x)])) == {"extra_person"}


@pytest.mark.parametrize(
    "thing",
    [
        replace(HELPER, score=STANDARD.person_at_edge - 0.01),
        replace(HELPER, x=0.82),  # not at the edge
        replace(HELPER, h=0.25),  # too small for somebody beside the candidate
        replace(HELPER, x=0.55, w=0.45),  # mostly the candidate's own
    ],
)
def test_what_is_no_body_cut_by_the_edge_does_not_count(thing: Box) -> None:
    assert kinds(replace(ONE_PERSON, objects=[BODY, thing])) == set()


def test_a_candidate_alone_at_the_edge_is_no_extra_person() -> None:
    alone = replace(ONE_PERSON, objects=[replace(BODY, x=0.0, score=0.4)])
    assert kinds(replace(alone, faces=[replace(FACE, x=0.1)])) == set()


def test_a_face_without_a_body_is_an_extra_person() -> None:
    second_face = replace(FACE, x=0.85, w=0.1)
    assert len(persons(replace(ONE_PERSON, faces=[FACE, second_face]), STANDARD)) == 2
    faint = replace(second_face, score=0.85)
    assert len(persons(replace(ONE_PERSON, faces=[FACE, faint]), STANDARD)) == 1


def test_a_face_without_a_body_occupies_the_seat() -> None:
    assert kinds(replace(ONE_PERSON, objects=[])) == set()


def test_a_large_face_on_a_body_needs_a_lower_score() -> None:
    weak = replace(FACE, score=0.6)
    assert is_face(weak, [BODY], STANDARD)
    assert not is_face(weak, [], STANDARD)
    assert not is_face(replace(weak, w=0.05), [BODY], STANDARD)


THING = Box("phone", 0.0, 0.1, 0.7, 0.1, 0.1)


def with_phone(score: float) -> FrameSignals:
    return replace(ONE_PERSON, phone=replace(THING, score=score))


@pytest.mark.parametrize("view", VIEWS)
def test_phone_is_a_finding_from_its_threshold_on(view: View) -> None:
    limit = STANDARD.phone
    for score, expected in ((limit, {"phone"}), (1.0, {"phone"})):
        assert kinds(with_phone(score), view) == expected
    assert "phone" not in kinds(with_phone(limit - 0.01), view)


@pytest.mark.parametrize("view", VIEWS)
def test_weaker_score_is_a_possible_phone_told_as_weak(view: View) -> None:
    limit, weakest = STANDARD.phone, STANDARD.possible_phone
    for score, expected in (
        (weakest - 0.01, set()),
        (weakest, {"possible_phone"}),
        (limit - 0.01, {"possible_phone"}),
    ):
        assert kinds(with_phone(score), view) == expected
    (finding,) = decide_findings(with_phone(weakest), view, STANDARD)
    assert finding.score < 0.5


@pytest.mark.parametrize("view", VIEWS)
def test_book_is_a_finding_from_its_threshold_on(view: View) -> None:
    limit = STANDARD.book_limit(view)
    for score, expected in ((limit - 0.01, set()), (limit, {"book"})):
        book = replace(THING, label="book", score=score)
        assert kinds(replace(ONE_PERSON, book=book), view) == expected


@pytest.mark.parametrize("view", VIEWS)
def test_what_stands_is_told_until_it_was_told_and_is_no_other_finding(view: View) -> None:
    shelf = replace(THING, label="book", score=0.9)
    standing = replace(ONE_PERSON, standing=[shelf])
    assert kinds(standing, view) == set()
    assert kinds(replace(standing, untold=True), view) == {"standing_thing"}


def test_things_that_may_stand_are_those_of_findings_and_those_that_do() -> None:
    phone, book = replace(THING, score=0.2), replace(THING, label="book", score=0.5)
    screen, shelf = (replace(THING, label=label, score=0.9) for label in ("tv", "book"))
    signals = replace(ONE_PERSON, phone=phone, book=book, objects=[BODY, screen], standing=[shelf])
    assert things_found(signals, "first", STANDARD) == [phone, book, screen, shelf]
    assert things_found(signals, "second", STANDARD) == [phone, book, shelf]
    faint = replace(signals, phone=replace(phone, score=0.04), book=replace(book, score=0.1))
    assert things_found(faint, "first", STANDARD) == [screen, shelf]


def test_a_score_at_its_threshold_becomes_one_half() -> None:
    phone = Box("phone", STANDARD.phone, 0.1, 0.7, 0.1, 0.1)
    (finding,) = decide_findings(replace(ONE_PERSON, phone=phone), "first", STANDARD)
    assert finding.score == 0.5


@pytest.mark.parametrize(
    ("similarity", "expected"),
    [
        (None, set()),
        (0.9, set()),
        (0.37, set()),
        (0.36, {"identity_mismatch"}),
        (-0.2, {"identity_mismatch"}),
    ],
)
def test_identity_mismatches_below_the_threshold_in_the_first_view_only(
    similarity: float | None, expected: set[str]
) -> None:
    signals = replace(ONE_PERSON, similarity=similarity)
    assert kinds(signals) == expected
    assert kinds(signals, "second") == set()


@pytest.mark.parametrize(
    "changes",
    [{"yaw": 29}, {"yaw": -29}, {"nose": 0.34}, {"yaw": 80, "nose": 2}],
)
def test_a_turned_head_is_looking_away_in_the_first_view_only(changes: dict[str, float]) -> None:
    assert kinds(with_head(ONE_PERSON, **changes)) == {"looking_away"}
    assert kinds(with_head(ONE_PERSON, **changes), "second") == set()


def test_identity_is_not_judged_by_a_turned_head() -> None:
    assert kinds(with_head(replace(ONE_PERSON, similarity=0.1), yaw=50)) == {"looking_away"}


@pytest.mark.parametrize("gaze", [-0.15, 0.15])
def test_gaze_aside_is_looking_away(gaze: float) -> None:
    assert kinds(replace(ONE_PERSON, gaze=gaze)) == {"looking_away"}
    assert kinds(replace(ONE_PERSON, gaze=gaze / 2)) == set()


def test_gaze_is_measured_from_the_usual_one() -> None:
    beside_the_camera = replace(STANDARD, baseline_gaze=-0.05)
    assert kinds(replace(ONE_PERSON, gaze=-0.15), thresholds=beside_the_camera) == set()
    assert kinds(replace(ONE_PERSON, gaze=-0.18), thresholds=beside_the_camera) == {"looking_away"}
    assert kinds(replace(ONE_PERSON, gaze=0.08), thresholds=beside_the_camera) == {"looking_away"}


def test_a_high_anomaly_score_is_an_occluded_face() -> None:
    assert kinds(with_head(anomaly=9)) == {"face_occluded"}


@pytest.mark.parametrize("changes", [{"width": 40}, {"width": 59}])
def test_a_small_face_needs_a_higher_anomaly_score(changes: dict[str, float]) -> None:
    assert kinds(with_head(ONE_PERSON, anomaly=11, **changes)) == set()
    assert kinds(with_head(ONE_PERSON, anomaly=14, **changes)) == {"face_occluded"}


def test_a_dark_face_is_not_occluded() -> None:
    assert kinds(with_head(ONE_PERSON, anomaly=20, light=20)) == set()


def test_a_mask_seen_from_the_side_is_told_as_both() -> None:
    both = {"face_occluded", "looking_away"}
    assert kinds(with_head(anomaly=10.5, yaw=35)) == both
    assert kinds(with_head(anomaly=14.5, yaw=60)) == both


def test_the_more_a_face_is_turned_the_odder_it_may_look() -> None:
    assert kinds(with_head(anomaly=9.5, yaw=35)) == {"looking_away"}
    assert kinds(with_head(anomaly=13, yaw=60)) == {"looking_away"}


def test_dark_glasses_occlude_a_face() -> None:
    assert kinds(with_head(dark_glasses=0.55)) == {"face_occluded"}
    assert kinds(with_head(dark_glasses=0.45)) == set()
    assert kinds(with_head(dark_glasses=0.9, yaw=35)) == {"face_occluded", "looking_away"}


def test_dark_glasses_are_not_judged_by_a_profile_or_a_dark_face() -> None:
    assert kinds(with_head(dark_glasses=0.9, yaw=60)) == {"looking_away"}
    assert kinds(with_head(dark_glasses=0.9, light=20)) == set()


def test_a_bent_head_is_looking_down_in_the_first_view_only() -> None:
    assert kinds(with_head(pitch=-29)) == {"looking_down"}
    assert kinds(with_head(pitch=-29), "second") == set()
    assert kinds(with_head(pitch=-27)) == set()
    assert kinds(with_head(pitch=40)) == set()


def test_a_bent_and_turned_head_is_told_as_both() -> None:
    assert kinds(with_head(pitch=-40, yaw=40)) == {"looking_away", "looking_down"}


def test_looking_down_is_measured_from_the_usual_pitch() -> None:
    low_camera = replace(STANDARD, baseline_pitch=6.0)
    assert kinds(with_head(pitch=-16), thresholds=low_camera) == {"looking_down"}
    high_camera = replace(STANDARD, baseline_pitch=-15.0)
    assert kinds(with_head(pitch=-30), thresholds=high_camera) == set()


@pytest.mark.parametrize(
    "changes",
    [{"yaw": 60.0}, {"anomaly": 14.0}, {"dark_glasses": 0.9}, {"pitch": -50.0}, {"nose": 1.0}],
)
def test_a_face_cut_by_the_frame_is_asked_to_come_back_and_judged_for_nothing_else(
    changes: dict[str, float],
) -> None:
    signals = with_head(replace(ONE_PERSON, half_out=True, gaze=0.3, similarity=0.1), **changes)
    assert kinds(signals) == {"half_out_of_frame"}
    assert kinds(signals, "second") == set()


def test_a_hand_over_the_mouth_occludes_a_face_at_any_head_pose() -> None:
    assert kinds(replace(ONE_PERSON, hand=0.5)) == {"face_occluded"}
    assert kinds(replace(ONE_PERSON, hand=0.3)) == set()
    turned = with_head(replace(ONE_PERSON, hand=0.5), yaw=50, nose=0.6)
    assert kinds(turned) == {"face_occluded", "looking_away"}


def test_the_body_of_a_face_is_the_largest_around_it() -> None:
    small = replace(BODY, x=0.38, w=0.24)
    assert body_of(FACE, [small, BODY, OTHER_BODY], STANDARD) == BODY
    assert body_of(FACE, [OTHER_BODY, replace(BODY, score=0.2)], STANDARD) is None
    assert body_of(FACE, [replace(BODY, label="tv")], STANDARD) is None


def test_a_near_body_whose_face_lies_outside_the_frame_is_asked_to_come_back() -> None:
    hidden = replace(ONE_PERSON, faces=[], head=None, half_out=True)
    assert kinds(hidden) == {"half_out_of_frame"}
    assert kinds(hidden, "second") == set()
    assert kinds(replace(hidden, objects=[replace(BODY, h=0.5)])) == set()


SHAPES = [
    (Box("person", 0.8, 0.0, 0.1, 0.3, 0.9), True),  # half a person at the left edge
    (Box("person", 0.8, 0.69, 0.1, 0.3, 0.9), True),  # at the right edge
    (Box("person", 0.8, 0.2, 0.1, 0.3, 0.9), False),  # as slim, but in the middle
    (Box("person", 0.8, 0.0, 0.1, 0.6, 0.9), False),  # at the edge, with both shoulders
    (Box("person", 0.8, 0.0, 0.38, 1.0, 0.62), True),  # flat: the top of a head
    (Box("person", 0.8, 0.1, 0.1, 0.8, 0.9), False),
]


@pytest.mark.parametrize(("body", "is_cut"), SHAPES)
def test_a_body_is_cut_where_it_is_too_slim_beside_an_edge_or_flat(
    body: Box,
    is_cut: bool,  # noqa: FBT001
) -> None:
    assert is_body_cut_by_frame(body, (640, 480)) is is_cut


def test_a_near_body_without_a_face_is_occluded_in_the_first_view_only() -> None:
    faceless = FrameSignals([], [BODY], None, None, None, None, CLEAR)
    assert kinds(faceless) == {"face_occluded"}
    assert kinds(faceless, "second") == set()
    assert kinds(replace(faceless, objects=[replace(BODY, h=0.3)])) == set()


@pytest.mark.parametrize("label", ["tv", "laptop"])
def test_a_second_screen_is_a_finding_in_the_first_view_only(label: str) -> None:
    screen = Box(label, STANDARD.screen, 0.7, 0.3, 0.2, 0.2)
    with_screen = replace(ONE_PERSON, objects=[BODY, screen])
    assert kinds(with_screen) == {"other_screen"}
    assert kinds(with_screen, "second") == set()
    assert kinds(replace(with_screen, objects=[BODY, replace(screen, score=0.59)])) == set()
    surrounding = Box(label, 0.9, 0.1, 0.1, 0.8, 0.8)
    assert kinds(replace(ONE_PERSON, objects=[BODY, surrounding])) == set()
    assert kinds(FrameSignals([], [screen], None, None, None, None, CLEAR)) == {"absent"}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("light", [5.0, 120.0, 250.0])
def test_a_covered_camera_is_not_absent(light: float, view: View) -> None:
    smooth = FixedQuality(light=light, brightest=light + 3, texture=2, sharpness=2)
    assert kinds(replace(NOBODY, quality=smooth), view) == {"camera_covered"}
    assert "camera_covered" not in kinds(replace(ONE_PERSON, quality=smooth), view)


def test_a_dark_picture_without_a_person_is_too_dark_and_not_absent() -> None:
    assert kinds(replace(NOBODY, quality=DARK)) == {"too_dark"}
    assert kinds(replace(NOBODY, quality=DARK), "second") == set()
    lamp = replace(DARK, brightest=140)
    assert kinds(replace(NOBODY, quality=lamp)) == {"absent"}


def test_a_blurred_picture_without_a_person_is_absent_and_too_blurred() -> None:
    assert kinds(replace(NOBODY, quality=BLURRED)) == {"absent", "too_blurred"}


@pytest.mark.parametrize("quality", [DARK, BLURRED])
def test_poor_quality_is_no_finding_if_the_face_is_found(quality: FixedQuality) -> None:
    assert kinds(replace(ONE_PERSON, quality=quality)) == set()


@pytest.mark.parametrize(("quality", "kind"), [(DARK, "too_dark"), (BLURRED, "too_blurred")])
@pytest.mark.parametrize(
    "signals",
    [
        with_head(anomaly=14),
        with_head(yaw=50),
        replace(ONE_PERSON, similarity=0.1),
        replace(ONE_PERSON, gaze=0.2),
        replace(NOBODY, objects=[BODY]),
    ],
)
def test_poor_quality_replaces_the_findings_of_a_face(
    signals: FrameSignals, quality: FixedQuality, kind: str
) -> None:
    assert kinds(replace(signals, quality=quality)) == {kind}
    assert kinds(replace(signals, quality=CLEAR)) not in ({kind}, set())
