"""Dark glasses: a logistic model of measures around the eyes and of the rest of the face.

Clear lenses leave the skin under the eyes as bright and as coloured as the cheeks, and the eyes'
texture visible; dark ones do not. Deep shadow darkens as well, but keeps the texture: that is why
the texture is measured on logarithms, of a face made equally bright: darker skin or a dim room is no
reason to suspect anybody. A poor camera takes the texture of the whole face, and noise adds to it:
so the eyes' is judged against that of nose and mouth, and of the cheeks. The numbers are fitted by
`models/fit/dark_glasses.py`.
"""

import numpy as np

from functions.vision.boxes import FloatArray
from functions.vision.percentiles import median

# Columns of both eyes' centres in the aligned crop.
_EYES = (38, 73)
_CHEEKS = (24, 74)
_EVEN_SKIN = 120.0  # brightness to which the skin is scaled, of 255
_LOWER_FACE = np.s_[62:102, 34:78]  # nose and mouth
_WEIGHTS = np.array([-10.67, 61.68, -49.25, -10.3, -14.52, -7.92, 25.78, 12.01])
# Shifted so that the limit, which 0.5 % of ordinary faces exceed, is 0.5.
_BIAS = 5.24


def dark_glasses_score(colours: FloatArray, light: FloatArray) -> float:
    """Return the score that an aligned face wears dark glasses, 0–1.

    *colours* is its crop of 112×112 pixels, *light* the mean of each pixel's channels.
    """
    return float(1 / (1 + np.exp(-(_WEIGHTS @ face_measures(colours, light) + _BIAS))))


def face_measures(colours: FloatArray, light: FloatArray) -> FloatArray:
    """Return the eight measures: four of the eyes, each the mean of both, and four to judge them by.

    The brightness under the eye relative to the skin's; the difference of its colour from the
    cheeks'; the texture across and along the face, as the mean step of the logarithm. Then the
    texture of nose and mouth, and that of the cheeks.
    """
    cheeks = np.concatenate([colours[66:80, x : x + 14].reshape(-1, 3) for x in _CHEEKS])
    brightness = [light[22:32, 44:68].ravel(), *(light[66:80, x : x + 14].ravel() for x in _CHEEKS)]
    skin = median(np.concatenate(brightness)) + 6
    ordered = np.sort(_shares(cheeks), axis=0)
    colour = ordered[len(ordered) // 2]
    even = np.log(light * (_EVEN_SKIN / skin) + 8)
    eyes = np.array([_eye(colours, light, even, x, skin, colour) for x in _EYES])
    plain = np.array([_texture(even[66:80, x : x + 14]) for x in _CHEEKS])
    lower = np.array(_texture(even[_LOWER_FACE]))
    return np.concatenate([eyes.mean(axis=0), lower, plain.mean(axis=0)]).astype(np.float32)


def _eye(
    colours: FloatArray,
    light: FloatArray,
    even: FloatArray,
    x: int,
    skin: float,
    colour: FloatArray,
) -> list[float]:
    difference = _shares(colours[44:64, x - 11 : x + 12].reshape(-1, 3)) - colour
    distances = np.sqrt((difference * difference).sum(axis=1))
    under = median(light[56:64, x - 8 : x + 9]) / skin
    return [under, median(distances), *_texture(even[44:60, x - 10 : x + 12])]


def _texture(values: FloatArray) -> tuple[float, float]:
    """Return the mean step of neighbours across and along the face."""
    across, along = values[:, 1:] - values[:, :-1], values[1:] - values[:-1]
    return float(np.abs(across).mean()), float(np.abs(along).mean())


def _shares(pixels: FloatArray) -> FloatArray:
    """Return each channel's share of the brightness, (n, 3)."""
    shares: FloatArray = pixels / (pixels.sum(axis=1, keepdims=True) + 30)
    return shares
