"""Camera test: the pipeline's output as the input of the camera placement rules."""

from chalicelib.domain.rules import findings
from chalicelib.domain.rules.camera_placement import PlacementScene
from chalicelib.domain.rules.findings import FindingKind
from functions.vision.boxes import Box
from functions.vision.pipeline import VisionPipeline

_NOT_FACING = frozenset({FindingKind.LOOKING_AWAY, FindingKind.FACE_OCCLUDED})


def read_placement_scene(pipeline: VisionPipeline, data: bytes) -> PlacementScene:
    """Analyse a test shot of either view. Raises UnreadablePicture."""
    # Always as the first view, the only one with head pose: does a face look at this camera?
    analysis = pipeline.analyze(data, view="first")
    return PlacementScene(
        faces=_boxes(analysis.faces),
        persons=_boxes(analysis.persons),
        objects=_boxes(analysis.objects),
        light=analysis.quality.light,
        texture=analysis.quality.texture,
        sharpness=analysis.quality.sharpness,
        facing=bool(analysis.faces)
        and not _NOT_FACING & {finding.kind for finding in analysis.findings},
    )


def _boxes(boxes: tuple[Box, ...]) -> tuple[findings.ObservedBox, ...]:
    return tuple(observed_box(box) for box in boxes)


def observed_box(box: Box) -> findings.ObservedBox:
    """Convert a box of the models to the domain's type."""
    return findings.ObservedBox(box.label, box.score, box.x, box.y, box.w, box.h)
