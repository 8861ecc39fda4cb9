"""Face recognition: SFace embeddings of aligned faces, compared by cosine similarity."""

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.faces import FaceBox

SIDE = 112
Crop = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
# Where the five keypoints lie in the aligned faces that the network was trained on.
_TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
     [70.7299, 92.2041]],
    np.float32,
)  # fmt: skip


class FaceEmbedder:
    """Computes face embeddings: unit vectors of 128 float32."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def embed(self, crops: list[Crop]) -> FloatArray:
        """Return the embeddings of aligned faces, (n, 128) of unit length, in one batch."""
        vectors: FloatArray = self._session.run(None, {"image": np.stack(crops)})[0]
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def align_face(image: Image.Image, face: FaceBox) -> Crop:
    """Crop a face, rotated and scaled so that its five keypoints lie where the network expects them.

    Returns RGB pixels of 0–255, (112, 112, 3).
    """
    matrix = similarity_transform(_TEMPLATE, face.keypoints)
    # Pillow's coordinates start at a pixel's corner, the template's at its centre.
    matrix[:, 2] += 0.5 - matrix[:, :2] @ np.array([0.5, 0.5])
    crop = image.transform(
        (SIDE, SIDE), Image.Transform.AFFINE, matrix.ravel().tolist(), Image.Resampling.BILINEAR
    )
    return np.asarray(crop)


def similarity_transform(source: FloatArray, target: FloatArray) -> FloatArray:
    """Return the (2, 3) similarity transform that best maps *source* to *target* points (Umeyama)."""
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    a, b = source - source_mean, target - target_mean
    norm = (a**2).sum()
    cosine = (a * b).sum() / norm
    sine = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / norm
    rotation = np.array([[cosine, -sine], [sine, cosine]])  # with the scale in it
    return np.column_stack([rotation, target_mean - rotation @ source_mean])
