"""An administrator configures an exam: rules, times, candidates, accommodations, passcodes."""

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from chalicelib.domain.rules.device_changes import DeviceChangeRule
from chalicelib.domain.types import MINUTE, LocalizedText
from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen
from tests.e2e.signed_in_pages import add_demo_subject, assert_reflows, demo_subject

pytestmark = pytest.mark.e2e

EXAM = "demo"
NEW_ID_NUMBER = "000000199303030105"


def open_admin(page: Page, product: ProductInstance) -> None:
    account = next(staff for staff in product.summary["staff"] if staff["role"] == "admin")
    page.goto(product.summary["console_url"])
    page.get_by_test_id("sign-in-username").fill(account["username"])
    page.get_by_test_id("sign-in-password").fill(account["password"])
    page.get_by_test_id("sign-in-submit").click()
    page.get_by_test_id("admin-link").click()


def save(page: Page | Locator) -> None:
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("saved")).not_to_be_empty(timeout=20_000)


def test_administrator_configures_an_exam(
    product: ProductInstance,
    context: AppContext,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    template = demo_subject(context)
    title = LocalizedText("劳动关系协调员（二级）", "Labour relations coordinator (level 2)")
    subject = add_demo_subject(
        context, title=title, windows=template.windows, safe_browser=template.safe_browser
    ).subject_id
    with open_browser(playwright, size=(1280, 720)) as admin:
        page = admin.page
        open_admin(page, product)
        page.locator(f'[data-testid="exam-link"][data-exam="{EXAM}"]').click()
        link = page.locator(f'[data-testid="subject-link"][data-subject="{subject}"]')
        expect(link).to_be_visible()
        check_screen(page, "console-admin-exam")
        link.click()
        set_times(page, check_screen)
        admin.console_errors.clear()  # the browser logs the rejected request
        set_rules(page, check_screen)
        page.get_by_test_id("section-lock").click()
        page.get_by_test_id("browser-use").select_option("allowed")
        save(page)
        check_screen(page, "console-admin-lock")
        set_continuity(page, check_screen)
        assert_continuity(context, subject)
        enrol(page, tmp_path, subject, check_screen)
        set_accommodation(page, check_screen)
        send_passcodes(page, product, subject, check_screen)
        replace_passcode(page, check_screen)
        admin.assert_no_console_errors()


def set_times(page: Page, check_screen: CheckScreen) -> None:
    page.get_by_test_id("earliest").fill("30")
    ends = page.get_by_test_id("official-ends_at")
    valid_end = ends.input_value()
    ends.fill("2020-01-01T00:00")
    page.get_by_test_id("save").click()
    expect(page.get_by_test_id("save-problem")).to_contain_text("正式考试的时间顺序")
    ends.fill(valid_end)
    save(page)
    check_screen(page, "console-admin-times")


def set_rules(page: Page, check_screen: CheckScreen) -> None:
    """Override rules of a profile; the page shows the effect and saves the overrides."""
    page.get_by_test_id("section-rules").click()
    expect(page.get_by_test_id("effect-absent")).to_contain_text("约 10 秒", timeout=20_000)
    page.get_by_test_id("profile-lenient").check()
    page.get_by_test_id("on-book").uncheck()
    page.get_by_test_id("hits-phone").fill("9")
    expect(page.get_by_test_id("rule-phone")).to_contain_text("出现次数须在")
    expect(page.get_by_test_id("save")).to_be_disabled()
    page.get_by_test_id("hits-phone").fill("4")
    expect(page.get_by_test_id("effect-phone")).to_contain_text("约 20 秒")
    save(page)
    check_screen(page, "console-admin-rules")
    page.reload()
    expect(page.get_by_test_id("rule-phone")).to_have_attribute("data-adjusted", "true")
    expect(page.get_by_test_id("rule-book")).to_have_attribute("data-adjusted", "true")
    expect(page.get_by_test_id("rule-absent")).to_have_attribute("data-adjusted", "false")
    page.get_by_test_id("rules-reset").click()
    expect(page.locator('[data-adjusted="true"]')).to_have_count(0)
    page.get_by_test_id("profile-standard").check()
    save(page)


def set_continuity(page: Page, check_screen: CheckScreen) -> None:
    """Bound the credit for outages, and have a proctor look after a change of device."""
    page.get_by_test_id("section-continuity").click()
    page.get_by_test_id("outage-minutes").fill("30")
    page.get_by_test_id("outage-percent").fill("5")
    page.get_by_test_id("device-change-proctor").check()
    save(page)
    check_screen(page, "console-admin-continuity")
    assert_reflows(page)
    page.reload()
    expect(page.get_by_test_id("outage-percent")).to_have_value("5")
    expect(page.get_by_test_id("device-change-proctor")).to_be_checked()


def assert_continuity(context: AppContext, subject_id: str) -> None:
    subject = context.registry.fresh_exam(EXAM).subject(subject_id)
    assert subject is not None
    assert (subject.outages.max_credit, subject.outages.max_percent) == (30 * MINUTE, 5)
    assert subject.device_change is DeviceChangeRule.PROCTOR


def enrol(page: Page, tmp_path: Path, subject: str, check_screen: CheckScreen) -> None:
    page.get_by_test_id("part-candidates").click()
    expect(page.get_by_test_id("candidate-row").first).to_be_visible()
    page.get_by_test_id("import-open").click()
    file = tmp_path / "people.csv"
    head = "name,id_number,admission_number,phone,subject\n"
    file.write_text(head + f"何念,{NEW_ID_NUMBER},20260105,13900000105,none\n", encoding="utf-8")
    choose_file(page, file)
    expect(page.get_by_test_id("import-faults")).to_contain_text("第 2 行")
    file.write_text(
        head + f"何念,{NEW_ID_NUMBER},20260105,13900000105,{subject}\n", encoding="utf-8"
    )
    choose_file(page, file)
    expect(page.get_by_test_id("import-state")).to_contain_text("1 行")
    check_screen(page, "console-admin-import")
    page.get_by_test_id("import-go").click()
    expect(page.get_by_test_id("import-state")).to_contain_text("已导入 1 人", timeout=20_000)
    page.keyboard.press("Escape")
    page.get_by_test_id("candidate-search").fill("何念")
    page.get_by_test_id("candidate-find").click()
    expect(page.get_by_test_id("candidate-row")).to_have_count(1)
    page.get_by_test_id("candidate-search").fill("")
    page.get_by_test_id("candidate-find").click()
    expect(page.get_by_test_id("candidate-row").filter(has_text="20260105")).to_be_visible()
    check_screen(page, "console-admin-candidates")


def choose_file(page: Page, file: Path) -> None:
    """Choose a file through the browser's file chooser."""
    with page.expect_file_chooser() as chooser:
        page.get_by_test_id("import-file").click()
    chooser.value.set_files(file)


def set_accommodation(page: Page, check_screen: CheckScreen) -> None:
    page.get_by_test_id("candidate-link").filter(has_text="何念").click()
    form = page.get_by_test_id("allow-form")
    page.get_by_test_id("excuse-voice").check()
    page.get_by_test_id("extra-percent").fill("25")
    expect(form.get_by_test_id("save")).to_be_disabled()
    form.get_by_test_id("reason-template").first.click()
    save(form)
    expect(page.get_by_test_id("allow-history")).to_contain_text("医院证明")
    check_screen(page, "console-admin-candidate")


def replace_passcode(page: Page, check_screen: CheckScreen) -> None:
    """Replace one candidate's own passcode, which somebody else has come to know."""
    card = page.get_by_test_id("passcode-official")
    card.get_by_test_id("make").click()
    page.get_by_test_id("confirm").click()
    expect(card.get_by_test_id("new-passcodes")).to_be_visible(timeout=20_000)
    page.get_by_test_id("part-candidates").click()
    page.get_by_test_id("candidate-link").filter(has_text="何念").click()
    shown = page.get_by_test_id("passcode-official")
    page.get_by_test_id("show-passcode-official").click()
    expect(shown).not_to_be_empty(timeout=20_000)
    leaked = shown.inner_text()
    page.get_by_test_id("replace-passcode-official").click()
    page.get_by_test_id("confirm-replace").click()
    expect(shown).to_contain_text("新口令", timeout=20_000)
    assert leaked not in shown.inner_text()
    check_screen(page, "console-admin-candidate-passcodes")


def send_passcodes(
    page: Page, product: ProductInstance, subject: str, check_screen: CheckScreen
) -> None:
    """Create a passcode, send it, and find it in the text message."""
    page.get_by_test_id("part-overview").click()
    page.locator(f'[data-testid="subject-link"][data-subject="{subject}"]').click()
    page.get_by_test_id("section-passcodes").click()
    card = page.get_by_test_id("passcode-trial")
    card.get_by_test_id("make").click()
    page.get_by_test_id("confirm").click()
    passcode = card.get_by_test_id("new-passcode")
    expect(passcode).to_be_visible(timeout=20_000)
    card.get_by_test_id("send").click()
    page.get_by_test_id("confirm").click()
    expect(card.get_by_test_id("mailing")).to_contain_text("全部完成", timeout=60_000)
    check_screen(page, "console-admin-passcodes")
    url = f"{product.deployment.endpoint}/_ministack/sns/sms-messages"
    messages = httpx.get(url, timeout=30).json()["sms_messages"]["+8613900000105"]
    assert passcode.inner_text() in messages[-1]["Message"]
    assert "设备调试口令" in messages[-1]["Message"]
