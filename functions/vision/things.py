"""Things: phones and books by the agreement of both detectors, and what stands in the view.

In the whole picture: the object detector (in the first view a faint sign of a phone also from afar,
whichever look shows it better), and where that gives cause to, the second detector. The score
is the mean of the two square roots, squared: one detector's high score does not outweigh the other's
silence.

In the second view also in the tiles: the object detector in each, the second detector in the best
one, combined likewise. The better of both places counts.

A thing that stands in the view is found at its place, but does not count there. What lies within a
face is no phone, and what may as well be a computer no book: an open laptop resembles one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.monitoring.standing import SeenThing
from functions.vision.boxes import Box
from functions.vision.looks import Looks

Counts = Callable[[Box], bool]


@dataclass(frozen=True)
class Search:
    """How a kind of thing is looked for.

    Below ``ask_from`` (``ask_tile_from`` in the tiles) of the object detector's score nothing is
    one, and the second detector is not asked: it errs more often there than it finds. From
    ``far_from`` on the picture is looked at from afar too; never if that is above 1. In the tiles
    it is also asked about a faint sign, from ``faint_from`` on, which counts only if the score of
    both reaches ``faint_limit``.
    """

    label: str
    ask_from: float
    ask_tile_from: float
    far_from: float = 2.0
    faint_from: float = 2.0
    faint_limit: float = 0.0


# How these were chosen: models/cards/phone_recheck.md.
PHONE = Search("phone", 0.15, 0.15, far_from=0.07, faint_from=0.05, faint_limit=0.18)
BOOK = Search("book", 0.12, 0.25)

_WORN = 0.5
_COMPUTER, _FAINT, _ONE_PLACE = frozenset({"tv", "laptop"}), 0.1, 0.6
# A standing thing is seen from this score on.
_PRESENT = 0.05
# From the tiles: persons are larger than a tile, phones and books have scores of their own.
_DESK = frozenset({"tv", "laptop", "mouse", "keyboard", "remote"})
_MIN_TILE_OBJECT = 0.3
_SAME = 0.3


@dataclass(frozen=True)
class Things:
    """The likeliest phone and book that count, each with its combined score, and what stands."""

    phone: Box | None
    book: Box | None
    standing: tuple[Box, ...] = ()


def find_things(
    looks: Looks, standing: Sequence[SeenThing] = (), faces: Sequence[Box] = ()
) -> Things:
    """Look for phones and books; what stands in the view is found, but does not count."""

    def counts(box: Box) -> bool:
        mistaken = _is_worn(box, faces) or _is_computer(box, looks)
        return not mistaken and not stands(box, standing)

    seen = (_seen(thing, looks) for thing in standing)
    return Things(
        phone=_likeliest(looks, PHONE, counts),
        book=_likeliest(looks, BOOK, counts),
        standing=tuple(box for box in seen if box is not None),
    )


def stands(box: Box, standing: Sequence[SeenThing]) -> bool:
    """Return whether a box is a standing thing at its place."""
    return any(thing.is_at(box.label, box.x, box.y, box.w, box.h) for thing in standing)


def _is_worn(box: Box, faces: Sequence[Box]) -> bool:
    """Return whether a phone lies within a face: a mask or glasses, for a phone would hide it."""
    return box.label == PHONE.label and any(box.within(face) >= _WORN for face in faces)


def _is_computer(box: Box, looks: Looks) -> bool:
    """Return whether a book's place is also that of a screen or a laptop, however faint."""
    return box.label == BOOK.label and any(
        other.label in _COMPUTER and other.score >= _FAINT and box.iou(other) >= _ONE_PLACE
        for other in looks.of_objects
    )


def merge_tiles(objects: list[Box], tiles: Sequence[Sequence[Box]]) -> list[Box]:
    """Add what only the tiles show of a computer and its screen to the objects of the picture."""
    merged = [*objects]
    found = (box for tile in tiles for box in tile if box.score >= _MIN_TILE_OBJECT)
    for box in sorted(found, key=lambda box: -box.score):
        known = any(box.label == other.label and box.iou(other) > _SAME for other in merged)
        if box.label in _DESK and not known:
            merged.append(box)
    return merged


def _likeliest(looks: Looks, search: Search, counts: Counts) -> Box | None:
    places = (_in_the_picture(looks, search, counts), _in_the_tiles(looks, search, counts))
    return _best(box for box in places if box is not None)


def _in_the_picture(looks: Looks, search: Search, counts: Counts) -> Box | None:
    first = _best_of(looks.near, search, counts)
    if first is not None and first.score >= search.far_from:
        # One of both distances is the right one for a phone of this size.
        first = _best_of([first, *looks.far], search, counts)
    if first is None or first.score < search.ask_from:
        return None
    return _combined(first, _best_of(looks.again, search, counts))


def _in_the_tiles(looks: Looks, search: Search, counts: Counts) -> Box | None:
    seen = [_best_of(boxes, search, counts) for boxes in looks.tiles]
    scores = [box.score if box else 0.0 for box in seen]
    number = scores.index(max(scores)) if scores else 0
    first = seen[number] if seen else None
    if first is None or first.score < min(search.ask_tile_from, search.faint_from):
        return None
    combined = _combined(first, _best_of(looks.tile_again(number), search, counts))
    is_faint = first.score < search.ask_tile_from
    return None if is_faint and combined.score < search.faint_limit else combined


def _best_of(boxes: Iterable[Box], search: Search, counts: Counts) -> Box | None:
    return _best(box for box in boxes if box.label == search.label and counts(box))


def _seen(thing: SeenThing, looks: Looks) -> Box | None:
    """Return a standing thing's own box, if a look of the object detector shows it."""
    return _best(box for box in looks.of_objects if box.score >= _PRESENT and stands(box, [thing]))


def _best(boxes: Iterable[Box]) -> Box | None:
    return max(boxes, key=lambda box: box.score, default=None)


def _combined(first: Box, second: Box | None) -> Box:
    """Return the surer box with the score of both."""
    root = (first.score**0.5 + (second.score**0.5 if second else 0.0)) / 2
    box = second if second and second.score > first.score else first
    return replace(box, score=round(root**2, 4))
