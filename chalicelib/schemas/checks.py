"""Requests and responses of the device checks."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.rules.device_checks import (
    MAX_NOTE_LENGTH,
    CheckDemand,
    CheckGroup,
    CheckMeasure,
    CheckOutcome,
    DeviceCheck,
)
from chalicelib.schemas.common import ApiModel, UploadOut


class MeasureIn(ApiModel):
    """One measure; null where the browser cannot tell."""

    check: DeviceCheck
    value: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)] | None = None
    note: Annotated[str, StringConstraints(max_length=MAX_NOTE_LENGTH)] = ""

    def to_measure(self) -> CheckMeasure:
        """Return the measure as a domain object."""
        return CheckMeasure(self.check, self.value, self.note)


class ChecksIn(ApiModel):
    """Measures; the newest of each check counts."""

    measures: list[MeasureIn] = Field(min_length=1, max_length=len(DeviceCheck))


type DeviceName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class PhoneDevicesIn(ApiModel):
    """The phone's camera in use, by its name; empty where the browser does not tell."""

    camera: DeviceName = ""


class DevicesIn(ApiModel):
    """The computer's devices by their names; null is what the browser does not tell."""

    camera: DeviceName = ""
    """The camera in use."""
    sound: list[DeviceName] = Field(default=[], max_length=20)
    """All microphones and loudspeakers."""
    charging: bool | None = None


class CheckRuleOut(ApiModel):
    """What a subject requires of one check."""

    check: DeviceCheck
    group: CheckGroup
    demand: CheckDemand
    good: float
    enough: float


class CheckOut(ApiModel):
    """The newest result of one check."""

    check: DeviceCheck
    group: CheckGroup
    outcome: CheckOutcome
    value: float | None
    note: str
    at: int


class ChecksOut(ApiModel):
    """The enabled checks in order, their results, and those still missing."""

    rules: list[CheckRuleOut]
    results: list[CheckOut]
    missing: list[DeviceCheck]
    now: int


class CheckSummaryOut(ApiModel):
    """A summary of a session's checks."""

    at: int
    outcome: CheckOutcome
    ready: bool


class TransferOut(ApiModel):
    """The addresses of a bandwidth test: where to upload a file of random bytes, and where to read it."""

    upload: UploadOut
    download_url: str
