"""Matting by colour: what is inside a piece of a picture, from two seeds and the colours they show."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Mask = NDArray[np.floating]
_COLOURS = 5  # of each side's palette
_ROUNDS = 4
_SIDE = 160  # pixels of the longer side of a region while it is matted


def matte(image: Image.Image, inside: NDArray[np.bool], outside: NDArray[np.bool]) -> Mask:
    """Return the matte 0..1 of what is inside, by the colours of both seeds and by smoothness."""
    factor = min(1.0, _SIDE / max(image.size))
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    pixels = np.asarray(image.resize(size, Image.Resampling.BOX), np.float32)
    fixed_in, fixed_out = (_shrunk(seed, size) for seed in (inside, outside))
    if not fixed_in.any() or not fixed_out.any():
        return np.ones((image.height, image.width), np.float32)
    mask = np.where(fixed_in, 1, np.where(fixed_out, 0, 0.5)).astype(np.float32)
    for _ in range(_ROUNDS):
        near, far = (
            _distance(pixels, _palette(pixels[chosen])) for chosen in (mask > 0.75, mask < 0.25)
        )
        likelihood = 1 / (1 + np.exp(np.clip((near - far) / 18, -8, 8)))
        mask = np.where(fixed_in, 1, np.where(fixed_out, 0, likelihood)).astype(np.float32)
        mask = 0.4 * mask + 0.6 * _smoothed(mask, 3)
    sharp = np.clip((_smoothed(mask, 1) - 0.35) / 0.3, 0, 1) * _connected(mask, fixed_in)
    grey = Image.fromarray((sharp * 255).astype(np.uint8))
    resized = grey.resize(image.size, Image.Resampling.BICUBIC)
    return np.asarray(resized, np.float32) / 255


def _connected(mask: Mask, seed: NDArray[np.bool]) -> Mask:
    """Return 1 where the mask hangs together with the seed, by bridges of some width; else 0."""
    solid = Image.fromarray(((_smoothed(mask, 1) > 0.55) | seed).astype(np.uint8) * 255)
    core = solid.filter(ImageFilter.MinFilter(5))
    core.paste(255, mask=Image.fromarray(seed.astype(np.uint8) * 255))
    rows, columns = np.nonzero(seed)
    middle = len(rows) // 2
    ImageDraw.floodfill(core, (int(columns[middle]), int(rows[middle])), 128)
    piece = Image.fromarray((np.asarray(core) == 128).astype(np.uint8) * 255)
    return np.asarray(piece.filter(ImageFilter.MaxFilter(9)), np.float32) / 255


def _shrunk(seed: NDArray[np.bool], size: tuple[int, int]) -> NDArray[np.bool]:
    grey = Image.fromarray(seed.astype(np.uint8) * 255).resize(size, Image.Resampling.BOX)
    return np.asarray(grey) > 200


def _palette(colours: Mask) -> Mask:
    """Return the typical colours of pixels: k-means, started at their quantiles of brightness."""
    colours = colours[:: max(1, len(colours) // 2000)]
    if not len(colours):
        return np.full((1, 3), 127, np.float32)
    order = np.argsort(colours.sum(1))
    starts = order[np.linspace(0, len(order) - 1, _COLOURS + 2).astype(int)[1:-1]]
    centres: Mask = colours[starts]
    for _ in range(6):
        nearest = ((colours[:, None] - centres) ** 2).sum(2).argmin(1)
        groups = [colours[nearest == n] for n in range(len(centres))]
        means = [group.mean(0) if len(group) else centres[n] for n, group in enumerate(groups)]
        centres = np.array(means, np.float32)
    return centres


def _distance(pixels: Mask, palette: Mask) -> Mask:
    squares: Mask = ((pixels[..., None, :] - palette) ** 2).sum(-1)
    nearest: Mask = np.sqrt(squares.min(-1))
    return nearest


def _smoothed(mask: Mask, radius: int) -> Mask:
    grey = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(radius))
    return np.asarray(grey, np.float32) / 255


def with_alpha(image: Image.Image, mask: Mask) -> Image.Image:
    """Return the picture with a mask as its alpha, softened."""
    result = image.convert("RGBA")
    alpha = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8))
    result.putalpha(alpha.filter(ImageFilter.GaussianBlur(0.7)))
    return result
