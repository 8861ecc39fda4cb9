"""Requests and responses of lists of candidates, and of corrections to one."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.roster.changes import ChangedField
from chalicelib.domain.roster.plans import BATCH_SIZE, RowOutcome
from chalicelib.schemas.common import ApiModel, Id, TextOut, UploadOut
from chalicelib.schemas.staff_acts import ReasonText

MAX_ROSTER_BYTES = 1_000_000
MAX_ENCODED = MAX_ROSTER_BYTES * 4 // 3 + 4
"""How long a file of MAX_ROSTER_BYTES is in Base64."""

type Cell = Annotated[str, StringConstraints(max_length=200)]
"""A text of a list as it was written; the list's own rules judge it, row by row."""


class RosterRowIn(ApiModel):
    """One row of a roster. A null field is one that the list does not have: it stays as it is."""

    name: Cell
    id_number: Cell
    admission_number: Cell
    phone: Cell | None = None
    registration_unit: Cell | None = None
    subject_id: Id
    room_id: Id | None = None
    line: Annotated[int, Field(ge=0)] = 0
    """The row's line in the file, for the texts about it."""


class RosterIn(ApiModel):
    """At most 25 rows. Whoever is found by a number is updated. Idempotent."""

    candidates: list[RosterRowIn] = Field(min_length=1, max_length=BATCH_SIZE)
    default_room_id: Id | None = None
    """For those who have no room for their subject, neither in the list nor already."""


class EnrolledRowOut(ApiModel):
    """What came of a row. A refused one has reasons; the others have a candidate and a form."""

    outcome: RowOutcome
    candidate_id: str | None
    changes: list[ChangedField]
    reasons: list[TextOut]
    photo: UploadOut | None
    """The upload form of the registration photo; confirm it under its `capture_id`."""


class EnrolmentOut(ApiModel):
    """What came of each row, in the request's order: a refused row stops no other."""

    candidates: list[EnrolledRowOut]


class RosterFileIn(ApiModel):
    """A list of candidates as it was chosen: the file's bytes in Base64, at most 1 MB of them."""

    file: Annotated[str, StringConstraints(max_length=MAX_ENCODED)]
    default_room_id: Id | None = None
    photo_names: list[Cell] = Field(default=[], max_length=5_000)
    """Names of the photos' files, for whom they are: each is named by either number."""


class RosterProblemOut(ApiModel):
    """What is wrong or odd: its line in the file (0: the file as a whole), a code and a text."""

    line: int
    code: str
    text: TextOut


class RosterRowOut(ApiModel):
    """A row as it would be stored; subject and room are ids, empty where the list has others."""

    name: str
    id_number: str
    admission_number: str
    phone: str | None
    registration_unit: str | None
    subject_id: str
    room_id: str | None
    line: int


class CheckedRowOut(ApiModel):
    """A row, what importing it would do, and what is wrong or odd about it."""

    row: RosterRowOut
    outcome: RowOutcome
    changes: list[ChangedField]
    problems: list[RosterProblemOut]
    warnings: list[RosterProblemOut]


class RosterCheckOut(ApiModel):
    """What importing a list would do; nothing is written.

    `batches` are positions in `rows`: each batch is one request to enrol, in this order. Refused
    rows are in none. `problems` says why a file cannot be read at all; `rows` is empty then.
    """

    rows: list[CheckedRowOut]
    batches: list[list[int]]
    people: dict[RowOutcome, int]
    """How many people are created, updated and unchanged, and how many rows are refused."""
    problems: list[RosterProblemOut]
    remarks: list[RosterProblemOut]
    photos: list[int | None]
    """For each photo the position of its row, or null where it belongs to nobody in the list."""


class PhotoConfirmationIn(ApiModel):
    """Which uploaded photo is meant: the `capture_id` of its form."""

    upload_id: Id


class CorrectionIn(ApiModel):
    """New details of a candidate, null where they stay, and the reason."""

    version: Annotated[int, Field(ge=1)]
    name: Cell | None = None
    id_number: Cell | None = None
    admission_number: Cell | None = None
    phone: Cell | None = None
    registration_unit: Cell | None = None
    reason: ReasonText


class ExchangeIn(ApiModel):
    """An exchange of a number with the candidate who has `other_number`, and the reason."""

    version: Annotated[int, Field(ge=1)]
    field: Literal["id_number", "admission_number"]
    other_number: Cell
    reason: ReasonText
