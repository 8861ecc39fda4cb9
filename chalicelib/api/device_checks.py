"""Routes of the device checks on the exam page."""

from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.upload_forms import upload_out
from chalicelib.domain.types import Role
from chalicelib.schemas.checks import ChecksIn, ChecksOut, TransferOut, checks_out
from chalicelib.services.sitting import device_checks

routes = Routes("chalicelib.api.device_checks")
CANDIDATE = frozenset({Role.CANDIDATE})


@routes.add("GET", "/candidate/checks", roles=CANDIDATE, response=ChecksOut)
def show_checks(request: ApiRequest) -> ChecksOut:
    """Show which device checks are asked and what came of them."""
    return _shown(request, device_checks.read_checks(request.context, request.caller.subject))


@routes.add("PUT", "/candidate/checks", roles=CANDIDATE, body=ChecksIn, response=ChecksOut)
def record_checks(request: ApiRequest, body: ChecksIn) -> ChecksOut:
    """Keep what the page measured, judged by the subject's rule."""
    measures = [measure.to_rules() for measure in body.measures]
    return _shown(
        request, device_checks.record_checks(request.context, request.caller.subject, measures)
    )


@routes.add("POST", "/candidate/checks/transfer", roles=CANDIDATE, response=TransferOut)
def begin_transfer(request: ApiRequest) -> TransferOut:
    """Get a form and an address by which the page measures the line."""
    name, form, url = device_checks.start_transfer_test(request.context, request.caller.subject)
    return TransferOut(upload=upload_out(name, form), download_url=url)


def _shown(request: ApiRequest, report: device_checks.CheckReport) -> ChecksOut:
    return checks_out(report.rules, report.results, request.context.clock())
