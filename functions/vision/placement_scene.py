"""A test shot: what the same models see in it, in the words of the framing rules."""

from chalicelib.domain.rules import findings
from chalicelib.domain.rules.camera_placement import PlacementScene
from chalicelib.domain.rules.findings import FindingKind
from functions.vision.boxes import Box
from functions.vision.pipeline import VisionPipeline

_NOT_FACING = frozenset({FindingKind.LOOKING_AWAY, FindingKind.FACE_OCCLUDED})


def read_placement_scene(pipeline: VisionPipeline, data: bytes) -> PlacementScene:
    """Look at a test shot of either view. Raises UnreadablePicture."""
    # As a first view, in which alone heads are read: whether a face is turned to this camera.
    analysis = pipeline.analyze(data, view="first")
    return PlacementScene(
        faces=_boxes(analysis.faces),
        persons=_boxes(analysis.persons),
        things=_boxes(analysis.objects),
        light=analysis.quality.light,
        texture=analysis.quality.texture,
        sharpness=analysis.quality.sharpness,
        facing=bool(analysis.faces)
        and not _NOT_FACING & {finding.kind for finding in analysis.findings},
    )


def _boxes(boxes: tuple[Box, ...]) -> tuple[findings.ObservedBox, ...]:
    return tuple(boxed(box) for box in boxes)


def boxed(box: Box) -> findings.ObservedBox:
    """Return a box of the models as one of the rules."""
    return findings.ObservedBox(box.label, box.score, box.x, box.y, box.w, box.h)
