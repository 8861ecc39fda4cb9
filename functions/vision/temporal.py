"""What a picture shows against those before it: rules for what no single picture can tell.

The framing, a face that does not stir, and the weak signals (a face that seems not alive, hands
out of sight) are judged here; what is remembered between pictures is `chalicelib.domain.monitoring.baseline`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from chalicelib.domain.monitoring.baseline import DOUBTED, LIVES, Memory, Signs, Usual, asks_life
from chalicelib.domain.rules.findings import Finding, Kind
from chalicelib.domain.types import MINUTE, Millis
from functions.vision.boxes import Box
from functions.vision.faces import Face
from functions.vision.liveness import LifeReader, tells_life
from functions.vision.pose import Body, BodyReader
from functions.vision.scene_signature import alike, framing, stirred, thumbnail

# Grey values by which a living face differs from itself minutes ago, at the least.
_STIRRED = 0.7


@dataclass(frozen=True)
class Comparing:
    """From which measure on something counts; how they were chosen: models/cards/."""

    alike: float = 0.45  # of the framing: less is another one
    still: Millis = 5 * MINUTE  # for so long none does
    live: float = 0.02  # a face that seems not alive
    usually_live: float = 0.3  # on a camera on which faces seem alive at all
    arm: float = 0.5  # a shoulder and an elbow that are clearly seen
    hand: float = 0.28  # a hand that is


@dataclass(frozen=True)
class Recalled:
    """How a picture compares: None where that was not asked, or cannot be told.

    `alike` is the framing's likeness, `still` how long the face has not stirred, `live` this
    picture's answer and `lives` those before.
    """

    alike: float | None = None
    still: Millis = 0
    live: float | None = None
    lives: tuple[float, ...] = ()
    usual: Usual | None = None
    body: Body | None = None


NOTHING = Recalled()


class Recaller:
    """Compares pictures with what is remembered, and asks the two models of the weak signals."""

    def __init__(self, life: LifeReader, bodies: BodyReader) -> None:
        self._life, self._bodies = life, bodies

    def recall(
        self,
        image: Image.Image,
        view: str,
        face: Face | None,
        persons: Sequence[Box],
        memory: Memory | None,
        at: Millis,
    ) -> tuple[Recalled, Signs]:
        """Compare one picture, taken at a moment; without a memory there is little to compare."""
        if view == "first":
            still, stirring = compare_face(image, face.box if face else None, memory, at)
            return Recalled(
                still=still,
                live=self._living(image, face, memory, at),
                lives=memory.lives if memory else (),
                usual=memory.usual if memory else None,
            ), Signs(face=stirring)
        likeness, scene = compare_framing(image, persons, memory)
        alone = persons[0] if len(persons) == 1 else None
        still, stirring = compare_face(image, alone, memory, at)
        body = self._bodies.read(image, alone) if alone else None
        return Recalled(likeness, still, body=body), Signs(scene, stirring)

    def _living(
        self, image: Image.Image, face: Face | None, memory: Memory | None, at: Millis
    ) -> float | None:
        asked = memory is None or asks_life(memory, at)
        return self._life.read(image, face) if asked and face and tells_life(image, face) else None


def compare_framing(
    image: Image.Image, persons: Sequence[Box], memory: Memory | None
) -> tuple[float | None, str | None]:
    """The likeness to the framing remembered, or the framing to remember."""
    if memory is None:
        return None, None
    if memory.framing is None:
        return None, framing(image, persons)
    return alike(image, persons, memory.framing), None


def compare_face(
    image: Image.Image, place: Box | None, memory: Memory | None, at: Millis
) -> tuple[Millis, str | None]:
    """How long the face (or the body) has not stirred, or the thumbnail to remember."""
    if memory is None or place is None:
        return 0, None
    if memory.face is not None and stirred(image, memory.face) < _STIRRED:
        return max(0, at - memory.still_since), None
    return 0, thumbnail(image, place)


def compared(recalled: Recalled, limits: Comparing) -> list[Finding]:
    """What the comparison finds."""
    found = []
    if recalled.alike is not None and recalled.alike < limits.alike:
        found.append(Finding(Kind.CAMERA_MOVED, round(min(1.0, 1 - recalled.alike), 4)))
    if recalled.still >= limits.still:
        found.append(Finding(Kind.FROZEN, 0.6))
    if _seems_held_up(recalled, limits):
        found.append(Finding(Kind.SPOOF, 0.3))
    if recalled.body is not None and _hides_hands(recalled.body, limits):
        found.append(Finding(Kind.HANDS_OUT_OF_SIGHT, 0.4))
    return found


def _seems_held_up(recalled: Recalled, limits: Comparing) -> bool:
    """Whether this face and all those asked before seem not alive, where the calm ones did."""
    usual, live = recalled.usual, recalled.live
    if usual is None or usual.live is None or live is None or live >= limits.live:
        return False
    doubted = [one < DOUBTED for one in recalled.lives[-(LIVES - 1) :]]
    return usual.live >= limits.usually_live and len(doubted) == LIVES - 1 and all(doubted)


def _hides_hands(body: Body, limits: Comparing) -> bool:
    return min(body.shoulder, body.elbow) >= limits.arm and body.wrist < limits.hand


def measures_of(recalled: Recalled) -> dict[str, float]:
    """The measures by name, for the record."""
    told = {
        "alike": recalled.alike,
        "still_s": recalled.still / 1000 if recalled.still else None,
        "live": recalled.live,
    }
    if recalled.body is not None:
        told |= {"elbow": recalled.body.elbow, "wrist": recalled.body.wrist}
    if recalled.usual is not None:
        usual = recalled.usual
        told |= {f"usual_{name}": getattr(usual, name) for name in _USUAL}
    return {name: round(value, 3) for name, value in told.items() if value is not None}


_USUAL = ("yaw", "nose", "light", "similarity", "live")
