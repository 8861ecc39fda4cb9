"""The rules that make findings of what the models said, on made-up evidence."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from functions.vision.boxes import Box
from functions.vision.heads import Head
from functions.vision.judge import (
    LENIENT,
    STANDARD,
    STRICT,
    Evidence,
    Profile,
    View,
    is_face,
    judge,
    persons,
)

STRAIGHT = Head(yaw=0, pitch=0, nose=0, strange=2, shade=0.8, light=120, width=150)
FACE = Box("face", 0.93, 0.4, 0.2, 0.2, 0.25)
BODY = Box("person", 0.8, 0.2, 0.1, 0.6, 0.9)
OTHER_BODY = Box("person", 0.7, 0.82, 0.1, 0.18, 0.9)
ONE = Evidence([FACE], [BODY], None, None, STRAIGHT, 0.0)
VIEWS: list[View] = ["first", "second"]


def kinds(evidence: Evidence, view: View = "first", profile: Profile = STANDARD) -> set[str]:
    return {finding.kind.value for finding in judge(evidence, view, profile)}


def with_head(evidence: Evidence = ONE, /, **changes: float) -> Evidence:
    return replace(evidence, head=replace(STRAIGHT, **changes))


@pytest.mark.parametrize("view", VIEWS)
def test_one_person_is_nothing(view: View) -> None:
    assert kinds(ONE, view) == set()


@pytest.mark.parametrize("view", VIEWS)
def test_nobody_is_absent(view: View) -> None:
    assert kinds(Evidence([], [], None, None, None, None), view) == {"absent"}


def test_absence_is_surer_the_less_there_is() -> None:
    def score(objects: Sequence[Box]) -> float:
        (finding,) = judge(Evidence([], objects, None, None, None, None), "second", STANDARD)
        return finding.score

    assert score([]) == 1
    assert score([replace(BODY, score=0.2)]) == pytest.approx(0.8)


def test_a_faint_body_keeps_the_seat_but_is_not_counted_beside_another() -> None:
    faint = replace(OTHER_BODY, score=0.4)
    assert kinds(Evidence([], [faint], None, None, None, None), "second") == set()
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
        evidence = replace(ONE, phone=thing if label == "phone" else None)
        assert kinds(replace(evidence, objects=[BODY, thing]), view) == found


def test_a_score_at_its_limit_is_told_as_a_half() -> None:
    phone = Box("phone", STANDARD.phone, 0.1, 0.7, 0.1, 0.1)
    (finding,) = judge(replace(ONE, phone=phone), "first", STANDARD)
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
    evidence = replace(ONE, similarity=similarity)
    assert kinds(evidence) == found
    assert kinds(evidence, "second") == set()


@pytest.mark.parametrize(
    "changes",
    [{"yaw": 31}, {"yaw": -31}, {"nose": 0.31}, {"yaw": 80, "nose": 2}],
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
    assert kinds(with_head(strange=9)) == {"face_occluded"}


@pytest.mark.parametrize("changes", [{"width": 40}, {"light": 20}])
def test_more_is_asked_of_a_face_hard_to_see(changes: dict[str, float]) -> None:
    assert kinds(with_head(ONE, strange=11, **changes)) == set()
    assert kinds(with_head(ONE, strange=14, **changes)) == {"face_occluded"}


def test_a_turned_face_may_be_covered_as_well() -> None:
    assert kinds(with_head(strange=14, yaw=35)) == {"face_occluded", "looking_away"}
    assert kinds(with_head(strange=14, yaw=60)) == {"looking_away"}


def test_dark_glasses_cover_a_face() -> None:
    assert kinds(with_head(shade=0.2)) == {"face_occluded"}


def test_a_near_body_must_show_its_face() -> None:
    hidden = Evidence([], [BODY], None, None, None, None)
    assert kinds(hidden) == {"face_occluded"}
    assert kinds(hidden, "second") == set()
    assert kinds(replace(hidden, objects=[replace(BODY, h=0.3)])) == set()


def test_profiles_are_ordered() -> None:
    limits = ("person", "phone", "book", "yaw", "nose", "gaze", "strange")
    for name in limits:
        assert getattr(STRICT, name) < getattr(STANDARD, name) < getattr(LENIENT, name)
    assert STRICT.same_person > STANDARD.same_person > LENIENT.same_person
