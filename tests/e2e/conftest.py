"""Playwright once for all tests; every screen they pass is looked at and kept."""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, sync_playwright

from chalicelib.services.ports import AppContext
from infra.build_all import WEB
from infra.demo import ProductInstance
from tests.e2e.enrolment import EnrolCandidate
from tests.support.deployed_exam import DeployedExam

MAX_SCREEN_BYTES = 150_000  # bytes
# The first way is true to greys; the second keeps rare colours, such as those of small signs.
TRUE, RARE = Image.Quantize.MEDIANCUT, Image.Quantize.MAXCOVERAGE
PALETTES = ((256, TRUE), (192, TRUE), (128, RARE), (96, RARE), (64, RARE), (32, RARE))

type CheckScreen = Callable[[Page, str], None]

AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Colours that fade in are judged when they have arrived.
ANIMATIONS_FINISHED = """() => document.getAnimations().every(
    (one) => one.playState !== "running" || one.effect?.getTiming().iterations === Infinity
)"""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, with nothing running yet."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def check_screen(tmp_path_factory: pytest.TempPathFactory) -> CheckScreen:
    """Take a picture of a screen and check that everybody can use it (WCAG 2.2 AA, by axe).

    INVIGIL_SCREENS names the folder for the pictures, such as docs/screens.
    """
    folder = Path(os.environ.get("INVIGIL_SCREENS") or tmp_path_factory.mktemp("screens"))
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.wait_for_function(ANIMATIONS_FINISHED)
        (folder / f"{name}.png").write_bytes(compressed_png(page.screenshot()))
        assert axe_violations(page) == [], f"{name} is not for everybody"

    return take


def compressed_png(screenshot: bytes) -> bytes:
    """A screenshot with as many colours as its size allows: they are kept with the sources."""
    with Image.open(io.BytesIO(screenshot)) as picture:
        whole = picture.convert("RGB")
    for colours, way in PALETTES:
        stream = io.BytesIO()
        few = whole.quantize(colours, way, dither=Image.Dither.NONE)
        few.save(stream, "PNG", optimize=True)
        if stream.tell() <= MAX_SCREEN_BYTES:
            break
    return stream.getvalue()


def axe_violations(page: Page) -> list[str]:
    """Return what axe finds on a page, a line for each rule that is broken."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found["violations"]
    ]


@pytest.fixture(scope="session")
def enrol_candidate(product: ProductInstance, context: AppContext) -> EnrolCandidate:
    """Candidates of a test's own in the demonstration exam."""
    return EnrolCandidate(context, product.summary)


@pytest.fixture(scope="session")
def deployed(product: ProductInstance, context: AppContext) -> Iterator[DeployedExam]:
    """A room of the tests' own in the deployed copy."""
    made = DeployedExam(product, context)
    yield made
    made.api.close()
