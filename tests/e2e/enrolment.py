"""Candidates of the demonstration exam, a new one per test, so that tests are independent."""

from itertools import count
from pathlib import Path
from typing import Any

from chalicelib.domain.passcodes import passcode_for
from chalicelib.services.ports import AppContext
from infra.demo import Summary
from infra.seed.candidates import CandidateRow, enrol_rows
from infra.seed.demonstration import EXAM_ID

PICTURES = Path(__file__).parents[1] / "data"
NAMES = [
    "许安然",
    "顾明远",
    "宋知夏",
    "程若水",
    "罗一鸣",
    "唐书言",
    "邓清和",
    "薛怀瑾",
    "陆时雨",
    "贺兰亭",
    "方以智",
    "白景行",
    "姜望舒",
    "沈怀远",
    "苏若云",
    "江晚晴",
]


def passcodes_of(context: AppContext, subject_id: str, candidate_id: str) -> dict[str, str]:
    """Return a candidate's own passcodes of the demonstration, named as in `demo.json`."""
    subject = context.registry.exam(EXAM_ID).subject(subject_id)
    assert subject is not None
    passcodes = {}
    for kind, window in subject.windows.items():
        stored = context.passcodes.reveal(subject_id, kind, window.passcode_hash)
        passcodes[f"{kind}_passcode"] = passcode_for(
            window.passcode_mode, stored or "", candidate_id
        )
    return passcodes


class EnrolCandidate:
    """Enrols a new candidate with each call."""

    def __init__(self, context: AppContext, summary: Summary) -> None:
        self._context = context
        self._summary = summary
        self._numbers = count(1)

    def __call__(self, photo: str | None, subject: str = "hr-2") -> dict[str, Any]:
        """Enrol a candidate, with a file of tests/data as the registration photo or without.

        Returns the candidate as in `demo.json`.
        """
        number = next(self._numbers)
        row = CandidateRow(
            name=NAMES[number - 1],
            id_number=f"00000019910203{number:04d}",
            admission_number=f"2026{number + 5_000}",
            phone=f"1000000{number + 5_000}",
            subject=subject,
            photo=PICTURES / photo if photo else None,
        )
        [candidate_id] = enrol_rows(self._context, [row])
        entry = next(
            candidate
            for candidate in self._summary["candidates"]
            if candidate["subject"] == subject
        )
        return {
            **entry,
            **passcodes_of(self._context, subject, candidate_id),
            "name": row.name,
            "id_number": row.id_number,
            "admission_number": row.admission_number,
            "photo": photo,
        }
