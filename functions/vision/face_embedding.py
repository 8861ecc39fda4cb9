"""Whose face it is: SFace embeddings of aligned faces, compared by cosine."""

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.faces import FaceBox

SIDE = 112
Crop = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
# Where the five points lie in the pictures that face networks are trained on.
_TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655],
     [70.7299, 92.2041]],
    np.float32,
)  # fmt: skip


class FaceEmbedder:
    """Turns faces into unit vectors of 128 numbers."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def embed(self, crops: list[Crop]) -> FloatArray:
        """One unit-length float32 row for each aligned face, (n, 128); all in one run."""
        vectors: FloatArray = self._session.run(None, {"image": np.stack(crops)})[0]
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def aligned(image: Image.Image, face: FaceBox) -> Crop:
    """The face turned and scaled so that its five points lie where the network expects them.

    RGB pixels of 0–255, (112, 112, 3).
    """
    matrix = similarity_transform(_TEMPLATE, face.points)
    # Pillow counts from pixels' corners, the template from their centres.
    matrix[:, 2] += 0.5 - matrix[:, :2] @ np.array([0.5, 0.5])
    turned = image.transform(
        (SIDE, SIDE), Image.Transform.AFFINE, matrix.ravel().tolist(), Image.Resampling.BILINEAR
    )
    return np.asarray(turned)


def similarity_transform(source: FloatArray, target: FloatArray) -> FloatArray:
    """The (2, 3) rotation, scale and shift that best takes *source* points to *target* (Umeyama)."""
    middle, goal = source.mean(axis=0), target.mean(axis=0)
    a, b = source - middle, target - goal
    norm = (a**2).sum()
    cosine = (a * b).sum() / norm
    sine = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / norm
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack([turn, goal - turn @ middle])
