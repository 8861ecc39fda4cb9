"""The rules page shows how often flags of each type were confirmed or dismissed."""

import pytest
from playwright.sync_api import Playwright, expect

from chalicelib.domain.rules.findings import FindingKind
from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance
from tests.e2e.actors import sign_in_to_console
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen

pytestmark = pytest.mark.e2e

EXAM, SUBJECT = "demo", "health-2"
DECISIONS = {
    FindingKind.PHONE: (9, 3),
    FindingKind.LOOKING_AWAY: (2, 18),
    FindingKind.VOICE: (1, 2),
}


def test_rules_page_shows_decision_statistics(
    product: ProductInstance, context: AppContext, playwright: Playwright, check_screen: CheckScreen
) -> None:
    existing = context.registry.decision_counts(SUBJECT)
    for kind, counts in DECISIONS.items():
        assert kind not in existing, "no other test may decide on these flag types"
        for confirmed, times in zip((True, False), counts, strict=True):
            for _ in range(times):
                context.registry.count_decision(SUBJECT, [kind], confirmed=confirmed)
    with open_browser(playwright, size=(1440, 900)) as admin:
        page = admin.page
        sign_in_to_console(page, product.summary, "admin")
        expect(page.get_by_test_id("admin-link")).to_be_visible()
        page.goto(f"{product.summary['console_url']}#/admin/{EXAM}/subjects/{SUBJECT}/rules")
        statistics = {kind: page.get_by_test_id(f"decided-{kind}") for kind in FindingKind}
        expect(statistics[FindingKind.PHONE]).to_contain_text(
            "已裁定 12 次：认定 9（75%），驳回 3（25%）"
        )
        expect(statistics[FindingKind.LOOKING_AWAY]).to_contain_text("多数被驳回")
        expect(statistics[FindingKind.VOICE]).to_contain_text("次数太少")
        expect(statistics[FindingKind.SPOOF]).to_contain_text("尚无裁定")
        statistics[FindingKind.LOOKING_AWAY].scroll_into_view_if_needed()
        check_screen(page, "console-admin-statistics")
        page.get_by_test_id("record-read").click()
        expect(page.get_by_test_id("record-seen")).to_contain_text("没有任何标记指向的违纪")
        expect(page.get_by_test_id("record-not-recall")).to_contain_text("这不是检出率")
        page.get_by_test_id("record-figures").scroll_into_view_if_needed()
        check_screen(page, "console-admin-record-figures")
        page.get_by_test_id("language-en").click()
        expect(statistics[FindingKind.VOICE]).to_contain_text("Too few")
        check_screen(page, "console-admin-statistics-en")
        admin.assert_no_console_errors()
