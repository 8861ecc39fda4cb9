"""The results by class of sound, and by distance where there is speech."""

from collections.abc import Iterator, Sequence

from models.evaluate.grouping import GroupedShare
from models.evaluate.sounds.measure import JudgedScene
from models.evaluate.sounds.room import DISTANCES
from models.evaluate.sounds.scenes import CLASSES, SoundClass
from models.evaluate.tables import Table

COLUMNS = ("", "10 s told as speech", "2 min flagged, recorded", "2 min flagged, clips")
TITLE = "speech, simulated sounds (standard rules)"


def sound_tables(judged: Sequence[JudgedScene]) -> list[Table]:
    """Return one table: a row for each class, and for each distance of those with speech."""
    return [Table(TITLE, COLUMNS, [row for kind in CLASSES for row in _rows(kind, judged)])]


def _rows(kind: SoundClass, judged: Sequence[JudgedScene]) -> Iterator[tuple[str, ...]]:
    of_kind = [judgement for judgement in judged if judgement.scene.sound_class is kind]
    yield _row(kind.name, of_kind)
    if not kind.is_speech:
        return
    for distance in DISTANCES:
        near = [judgement for judgement in of_kind if judgement.scene.distance == distance]
        yield _row(f"- from {distance:g} m", near)


def _row(title: str, judged: Sequence[JudgedScene]) -> tuple[str, ...]:
    """Segments of a scene resemble each other: their interval goes by scene."""
    told = GroupedShare(
        [(judgement.scene.name, told) for judgement in judged for told in judgement.told]
    )
    recorded = [(judgement.scene.name, judgement.flagged_recorded) for judgement in judged]
    clips = [(judgement.scene.name, judgement.flagged_in_clips) for judgement in judged]
    return title, str(told), str(GroupedShare(recorded)), str(GroupedShare(clips))
