"""From what was seen in one picture to findings. Pure rules over boxes and numbers.

A finding on one picture is not yet a flag: the rules over time decide that elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chalicelib.exam import words
from chalicelib.exam.findings import Finding, Kind
from functions.vision.boxes import Box

View = words.View | Literal["first", "second"]


@dataclass(frozen=True)
class Profile:
    """From which scores on a thing counts. The numbers and their measure: models/cards/."""

    person: float = 0.5
    face: float = 0.8
    phone: float = 0.29
    book: float = 0.5
    same_person: float = 0.363
    # A face must be this many pixels wide before its identity may be doubted.
    identity_side: float = 48.0


STANDARD = Profile()
LENIENT = replace(STANDARD, person=0.6, phone=0.4, book=0.65, same_person=0.3)
STRICT = replace(STANDARD, person=0.4, phone=0.2, book=0.4, same_person=0.4)

# The second detector is asked only where the first has at least this much of a suspicion.
PHONE_SUSPICION = 0.05


@dataclass(frozen=True)
class Evidence:
    """What the models said about one picture.

    ``objects`` come from the first detector, ``confirmed`` from the second (empty where it was
    not asked). ``similarity`` is the best of the faces large enough to judge, or None.
    """

    faces: Sequence[Box]
    objects: Sequence[Box]
    confirmed: Sequence[Box]
    similarity: float | None


def judge(evidence: Evidence, view: View, profile: Profile) -> tuple[Finding, ...]:
    """Every finding of the view, in a fixed order."""
    people = persons(evidence, profile)
    findings = [*_presence(people, evidence), *_things(evidence, profile)]
    if view == "first" and evidence.similarity is not None:
        findings += _identity(evidence.similarity, profile)
    return tuple(findings)


def persons(evidence: Evidence, profile: Profile) -> tuple[Box, ...]:
    """Everybody in the picture: bodies, and faces that no body box accounts for."""
    bodies = [box for box in evidence.objects if box.label == "person"]
    sure = [box for box in bodies if box.score >= profile.person]
    alone = [
        Box("person", face.score, face.x, face.y, face.w, face.h)
        for face in evidence.faces
        if face.score >= profile.face and not any(face.within(body) > 0.5 for body in sure)
    ]
    return (*sure, *alone)


def phones(evidence: Evidence) -> list[Box]:
    """Phones by both detectors; the score is the geometric mean of the two strongest."""
    first = [box for box in evidence.objects if box.label == "phone"]
    second = [box for box in evidence.confirmed if box.label == "phone"]
    if not first or not second:
        return []
    best, other = max(first, key=_score), max(second, key=_score)
    return [replace(best, score=(best.score * other.score) ** 0.5)]


def _score(box: Box) -> float:
    return box.score


def _presence(people: Sequence[Box], evidence: Evidence) -> list[Finding]:
    if not people:
        doubt = max(map(_score, [*evidence.faces, *_bodies(evidence)]), default=0.0)
        return [Finding(Kind.ABSENT, 1 - doubt)]
    if len(people) > 1:
        return [Finding(Kind.EXTRA_PERSON, sorted(map(_score, people))[-2])]
    return []


def _bodies(evidence: Evidence) -> list[Box]:
    return [box for box in evidence.objects if box.label == "person"]


def _things(evidence: Evidence, profile: Profile) -> list[Finding]:
    limits = {"phone": profile.phone, "book": profile.book}
    books = [box for box in evidence.objects if box.label == "book"]
    seen = [*phones(evidence), *sorted(books, key=_score, reverse=True)[:1]]
    return [Finding(Kind(box.label), box.score) for box in seen if box.score >= limits[box.label]]


def _identity(similarity: float, profile: Profile) -> list[Finding]:
    if similarity >= profile.same_person:
        return []
    return [Finding(Kind.IDENTITY_MISMATCH, min(1.0, 1 - similarity))]
