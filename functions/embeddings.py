"""Embeddings of faces and voices as text, so that the tables can hold them."""

import base64

import numpy as np
from numpy.typing import NDArray

Embedding = NDArray[np.float32]


def encode_embedding(embedding: Embedding) -> str:
    """Encode float32 as Base64, little-endian."""
    return base64.b64encode(embedding.astype("<f4").tobytes()).decode()


def decode_embedding(text: str) -> Embedding:
    """Decode little-endian float32 from Base64."""
    embedding: Embedding = np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)
    return embedding
