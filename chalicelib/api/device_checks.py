"""Routes of the device checks on the exam page."""

from chalicelib.api.roles import CANDIDATE
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import upload_out
from chalicelib.domain.errors import Conflict, TooMany, WrongState
from chalicelib.domain.rules.reported_devices import DeviceReport
from chalicelib.domain.types import View
from chalicelib.schemas.checks import ChecksIn, ChecksOut, DevicesIn, TransferOut
from chalicelib.schemas.common import Done
from chalicelib.schemas.serializers.checks import checks_out
from chalicelib.services.monitoring import devices
from chalicelib.services.sitting import device_checks

routes = Routes("chalicelib.api.device_checks")


@routes.add(
    "GET",
    "/candidate/checks",
    tag=Tag.DEVICE_CHECKS,
    roles=CANDIDATE,
    response=ChecksOut,
    errors=(WrongState,),
)
def show_checks(request: ApiRequest) -> ChecksOut:
    """Show the subject's device checks and their results."""
    return _checks_out(request, device_checks.read_checks(request.context, request.caller.subject))


@routes.add(
    "PUT",
    "/candidate/checks",
    tag=Tag.DEVICE_CHECKS,
    roles=CANDIDATE,
    body=ChecksIn,
    response=ChecksOut,
    errors=(Conflict, WrongState),
)
def record_checks(request: ApiRequest, body: ChecksIn) -> ChecksOut:
    """Record measures of device checks, judged by the subject's rules."""
    measures = [measure.to_measure() for measure in body.measures]
    return _checks_out(
        request, device_checks.record_checks(request.context, request.caller.subject, measures)
    )


@routes.add(
    "POST",
    "/candidate/checks/transfer",
    tag=Tag.DEVICE_CHECKS,
    roles=CANDIDATE,
    response=TransferOut,
    errors=(WrongState,),
)
def start_transfer_test(request: ApiRequest) -> TransferOut:
    """Get the addresses of a bandwidth test: an upload form, and where to read the file."""
    test = device_checks.start_transfer_test(request.context, request.caller.subject)
    return TransferOut(upload=upload_out(test.name, test.upload), download_url=test.download_url)


@routes.add(
    "POST",
    "/candidate/devices",
    tag=Tag.DEVICE_CHECKS,
    roles=CANDIDATE,
    body=DevicesIn,
    response=Done,
    errors=(Conflict, WrongState, TooMany),
)
def report_devices(request: ApiRequest, body: DevicesIn) -> Done:
    """Report the computer's devices: at the device check, and whenever one changes."""
    report = DeviceReport(body.camera, tuple(body.sound), body.charging)
    devices.report_devices(request.context, request.caller.subject, View.FIRST, report)
    return Done()


def _checks_out(request: ApiRequest, report: device_checks.CheckReport) -> ChecksOut:
    return checks_out(report.rules, report.results, request.context.clock())
