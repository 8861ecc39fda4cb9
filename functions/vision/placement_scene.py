"""A test shot: what the same models see in it, in the words of the framing rules."""

from chalicelib.domain.rules import findings
from chalicelib.domain.rules.camera_placement import Scene
from chalicelib.domain.rules.findings import Kind
from functions.vision.boxes import Box
from functions.vision.pipeline import Eyes

_NOT_FACING = frozenset({Kind.LOOKING_AWAY, Kind.FACE_OCCLUDED})


def scene_of(eyes: Eyes, data: bytes) -> Scene:
    """Look at a test shot of either view. Raises UnreadablePicture."""
    # As a first view, in which alone heads are read: whether a face is turned to this camera.
    sight = eyes.look(data, view="first")
    return Scene(
        faces=_boxes(sight.faces),
        persons=_boxes(sight.persons),
        things=_boxes(sight.objects),
        light=sight.quality.light,
        texture=sight.quality.texture,
        sharpness=sight.quality.sharpness,
        facing=bool(sight.faces) and not _NOT_FACING & {one.kind for one in sight.findings},
    )


def _boxes(boxes: tuple[Box, ...]) -> tuple[findings.Box, ...]:
    return tuple(boxed(one) for one in boxes)


def boxed(box: Box) -> findings.Box:
    """Return a box of the models as one of the rules."""
    return findings.Box(box.label, box.score, box.x, box.y, box.w, box.h)
