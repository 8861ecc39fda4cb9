import io
from collections.abc import Callable

import pytest
from PIL import Image

from functions.vision.pipeline import VisionPipeline

Encode = Callable[[Image.Image], bytes]


@pytest.fixture(scope="session")
def pipeline() -> VisionPipeline:
    return VisionPipeline.load()


@pytest.fixture
def jpeg() -> Encode:
    def encode(image: Image.Image) -> bytes:
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=85)
        return stream.getvalue()

    return encode
