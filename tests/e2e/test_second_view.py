"""The second view: a phone joins by the code, and its pictures reach the proctor."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from infra.demo import Running
from tests.data.scenes import alone, empty
from tests.e2e.browsers import somebody
from tests.e2e.cameras import Camera
from tests.e2e.conftest import Shoot
from tests.e2e.people import at, open_room, pledge, seat_of, sign_in, take_photo

pytestmark = pytest.mark.e2e

PHONE = (390, 844)
CAPTURED = re.compile(r"^\d{13}-")


def test_a_phone_joins_and_watches(
    product: Running, playwright: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    webcam = Camera(tmp_path / "webcam.y4m", alone("person_b.jpg"))
    side = Camera(tmp_path / "side.y4m", empty())
    who = product.summary["candidates"][1]
    with (
        somebody(playwright, webcam) as candidate,
        somebody(playwright, side, size=PHONE) as phone,
        somebody(playwright, size=(1440, 900)) as proctor,
    ):
        open_room(proctor.page, product.summary)
        page = candidate.page
        sign_in(page, product.summary, who, "trial")
        pledge(page)
        take_photo(page)
        at(page, "identity_verified")
        code = page.get_by_test_id("second-view-code")
        expect(code).not_to_be_empty()
        shoot(page, "exam-second-view")

        phone.page.goto(product.summary["phone_url"] + f"?code={code.inner_text().strip()}")
        phone.page.get_by_test_id("join-number").fill(who["id_number"])
        phone.page.get_by_test_id("check-camera").click()
        shoot(phone.page, "phone-join")
        phone.page.get_by_test_id("join-submit").click()
        expect(phone.page.get_by_test_id("second-view-badge")).to_be_visible(timeout=20_000)

        page.get_by_test_id("second-view-continue").click()
        at(page, "second_view_ready")
        page.get_by_test_id("enter-waiting-room").click()
        at(page, "waiting")
        page.get_by_test_id("start-exam").click()
        at(page, "answering")

        seat = seat_of(proctor.page, who["name"]).filter(has_text="调试")
        tile = seat.get_by_test_id("tile-second")
        expect(tile).to_have_attribute("data-capture", CAPTURED, timeout=60_000)
        shoot(phone.page, "phone-watching")
        assert candidate.complaints == []
        assert phone.complaints == []
        assert proctor.complaints == []
