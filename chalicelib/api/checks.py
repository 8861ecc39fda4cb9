"""Routes of the device checks on the exam page."""

from chalicelib.api.routing import Call, Routes
from chalicelib.api.uploads import upload_out
from chalicelib.contract.checks import ChecksIn, ChecksOut, TransferOut, checks_out
from chalicelib.exam.words import Role
from chalicelib.services import checking

routes = Routes("chalicelib.api.checks")
CANDIDATE = frozenset({Role.CANDIDATE})


@routes.add("GET", "/candidate/checks", roles=CANDIDATE, answer=ChecksOut)
def show_checks(call: Call) -> ChecksOut:
    """Show which device checks are asked and what came of them."""
    return _shown(call, checking.read_checks(call.world, call.who.subject))


@routes.add("PUT", "/candidate/checks", roles=CANDIDATE, body=ChecksIn, answer=ChecksOut)
def record_checks(call: Call, body: ChecksIn) -> ChecksOut:
    """Keep what the page measured, judged by the subject's rule."""
    measures = [one.to_rules() for one in body.measures]
    return _shown(call, checking.record_checks(call.world, call.who.subject, measures))


@routes.add("POST", "/candidate/checks/transfer", roles=CANDIDATE, answer=TransferOut)
def begin_transfer(call: Call) -> TransferOut:
    """Get a form and an address by which the page measures the line."""
    name, form, url = checking.begin_transfer(call.world, call.who.subject)
    return TransferOut(upload=upload_out(name, form), download_url=url)


def _shown(call: Call, standing: checking.Standing) -> ChecksOut:
    return checks_out(standing.rules, standing.checks, call.world.clock())
