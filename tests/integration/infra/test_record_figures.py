"""The figures of a deployed exam's record, by route and by command."""

import pytest

from chalicelib.domain.review.reviews import ReasonCode, Verdict
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import Role
from chalicelib.services.core.staff_acts import ActBy
from chalicelib.services.review import decisions
from chalicelib.services.review.decisions import RulingInput
from infra.cli import main
from tests.support import builders as build
from tests.support.deployed_exam import DeployedExam
from tests.support.polling import wait_for

pytestmark = pytest.mark.integration


def test_decisions_are_counted_by_route_and_command(
    deployed: DeployedExam, capsys: pytest.CaptureFixture[str]
) -> None:
    person, context = deployed.candidate_client(), deployed.context
    flag = build.flag(
        person.session_id, context.clock(), room_id=deployed.room_id, kind=FindingKind.HEADSET
    )
    context.sessions.commit(flag)
    staff = context.registry.staff(deployed.username("proctor"))
    by = ActBy(staff, person.session_id, "figures")
    ruling = RulingInput(Verdict.DISMISS, ReasonCode.ALLOWED)
    decisions.review_incident(context, by, [flag.flag_id], ruling)

    admin = deployed.client_for(Role.ADMIN, deployed.username("admin"))
    path = f"/admin/exams/{deployed.exam_id}/rooms/{deployed.room_id}/figures"

    def headset() -> dict[str, int]:
        """The index is eventually consistent."""
        flags = admin.get(path)["flags"]
        return next((row for row in flags if row["kind"] == "headset" and row["dismissed"]), {})

    found = wait_for(headset, "the decision in the figures")
    assert (found["confirmed"], found["dismissed"], found["sessions"]) == (0, 1, 1)

    deployment = deployed.product.deployment
    command = ["record-figures", "--port", str(deployment.port), "--data", str(deployment.data)]
    assert main([*command, "--exam-id", deployed.exam_id]) == 0
    output = capsys.readouterr().out
    assert "0 of 1: 0% [0%, 79%]" in output
    assert "It is not recall" in output
    assert main([*command, "--exam-id", "nowhere"]) == 1
    assert "There is no exam nowhere." in capsys.readouterr().err
