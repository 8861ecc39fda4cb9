"""Camera test: the pipeline's output as the input of the camera placement rules."""

from chalicelib.domain.rules.camera_placement import PlacementScene
from chalicelib.domain.rules.findings import FindingKind, ObservedBox
from chalicelib.domain.types import View
from functions.vision.boxes import Box, observed_box
from functions.vision.pipeline import VisionPipeline

_NOT_FACING = frozenset(
    {
        FindingKind.LOOKING_AWAY,
        FindingKind.LOOKING_DOWN,
        FindingKind.FACE_OCCLUDED,
        FindingKind.HALF_OUT_OF_FRAME,
    }
)


def read_placement_scene(pipeline: VisionPipeline, data: bytes, view: View) -> PlacementScene:
    """Analyse a test shot of a view. Raises UnreadablePicture."""
    # Always as the first view, the only one with head pose: does a face look at this camera? From
    # the side, the computer and what lies on the desk are small: they are looked for in tiles.
    analysis = pipeline.analyze(data, view="first", tiled=view is View.SECOND)
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


def _boxes(boxes: tuple[Box, ...]) -> tuple[ObservedBox, ...]:
    return tuple(observed_box(box) for box in boxes)
