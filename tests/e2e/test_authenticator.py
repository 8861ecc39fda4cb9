"""A proctor with an authenticator signs in with a password and a one-time code."""

import time

import pytest
from playwright.sync_api import Playwright, expect
from pyotp import TOTP

from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.types import Role
from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance
from tests.e2e.actors import STEP_TIMEOUT
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen

pytestmark = pytest.mark.e2e


PASSWORD = "a test password"


def test_sign_in_with_one_time_code(
    product: ProductInstance, context: AppContext, playwright: Playwright, check_screen: CheckScreen
) -> None:
    secret, stored = context.one_time_codes.new_secret(), context.passwords.hash(PASSWORD)
    context.registry.put_staff(Staff("coded", "陈老师", Role.PROCTOR, stored, totp_secret=secret))
    with open_browser(playwright) as proctor:
        page = proctor.page
        page.goto(product.summary["console_url"])
        page.get_by_test_id("sign-in-username").fill("coded")
        page.get_by_test_id("sign-in-password").fill(PASSWORD)
        page.get_by_test_id("sign-in-submit").click()
        code = page.get_by_test_id("sign-in-code")
        expect(code).to_be_focused(timeout=STEP_TIMEOUT)
        check_screen(page, "console-one-time-code")
        page.keyboard.type("000000")
        page.keyboard.press("Enter")
        problem = page.get_by_test_id("sign-in-problem")
        expect(problem).to_contain_text("验证码不正确", timeout=STEP_TIMEOUT)
        expect(code).to_be_focused()
        page.keyboard.type(TOTP(secret).at(time.time()))
        page.keyboard.press("Enter")
        expect(page.get_by_test_id("sign-in-submit")).to_have_count(0, timeout=STEP_TIMEOUT)
        proctor.assert_no_console_errors(ignoring="401")
