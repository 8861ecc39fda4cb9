"""Lists of candidates, as an office has them: nobody is lost, merged or overwritten in silence.

Played through the public API and the signed forms, as the console does it.
"""

import base64
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.types import Role
from chalicelib.services.ports import ObjectStart
from infra.errors import InfraError
from infra.seed import run
from tests.support.deployed_exam import ApiClient, DeployedExam

pytestmark = pytest.mark.integration

HEADING = "姓名,证件号,准考证号,手机号,科目"


class Office:
    """An admin with lists of an exam of its own numbers."""

    def __init__(self, deployed: DeployedExam) -> None:
        self.deployed = deployed
        self.prefix = uuid.uuid4().hex[:8].upper()
        self.path = f"/admin/exams/{deployed.exam_id}/candidates"
        self.api: ApiClient = deployed.client_for(Role.ADMIN, deployed.username("admin"))

    def id_number(self, serial: int) -> str:
        return f"ID{self.prefix}{serial:03d}"

    def admission(self, serial: int) -> str:
        return f"ADM{self.prefix}{serial:03d}"

    def line(self, serial: int, name: str, **changes: str) -> str:
        cells = {
            "name": name,
            "id_number": self.id_number(serial),
            "admission": self.admission(serial),
            "phone": "13800000000",
            "subject": self.deployed.subject_id,
        }
        return ",".join((cells | changes).values())

    def check(self, data: bytes, photos: tuple[str, ...] = ()) -> dict[str, Any]:
        body = {
            "file": base64.b64encode(data).decode(),
            "default_room_id": self.deployed.room_id,
            "photo_names": list(photos),
        }
        check: dict[str, Any] = self.api.post(f"{self.path}/check", body)
        return check

    def import_checked(self, check: dict[str, Any]) -> list[dict[str, Any]]:
        """Send the batches of a check, as the console does."""
        results: list[dict[str, Any]] = []
        for batch in check["batches"]:
            rows = [check["rows"][position]["row"] for position in batch]
            body = {"candidates": rows, "default_room_id": self.deployed.room_id}
            results += self.api.post(self.path, body)["candidates"]
        return results

    def import_lines(self, *lines: str, heading: str = HEADING) -> list[dict[str, Any]]:
        return self.import_checked(self.check("\n".join((heading, *lines)).encode()))

    def refusal(self, path: str, body: Any, status: int) -> str:
        """Return the code with which the API refuses a request."""
        code: str = self.api.post(path, body, status=status)["code"]
        return code

    def stored(self, serial: int) -> Any:
        return self.deployed.context.registry.candidate_by_number(
            self.deployed.exam_id, self.id_number(serial)
        )


@pytest.fixture
def office(deployed: DeployedExam) -> Office:
    return Office(deployed)


def codes(check: dict[str, Any]) -> list[tuple[int, str]]:
    return [
        (problem["line"], problem["code"]) for row in check["rows"] for problem in row["problems"]
    ]


def test_list_in_gbk_keeps_the_names(office: Office) -> None:
    text = f"{HEADING}\n{office.line(1, '张伟')}\n{office.line(2, '欧阳娜娜')}"
    check = office.check(text.encode("gbk"))
    assert check["people"] == {"created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    office.import_checked(check)
    assert [office.stored(serial).name for serial in (1, 2)] == ["张伟", "欧阳娜娜"]
    lost = office.check(text.replace("张伟", "��").encode())
    assert [problem["code"] for problem in lost["problems"]] == ["lost_characters"]
    assert lost["batches"] == []


def test_check_writes_nothing_and_names_every_line(office: Office) -> None:
    office.import_lines(office.line(9, "张三"))
    check = office.check(
        "\n".join(
            (
                HEADING,
                office.line(1, "甲", id_number="9.90000198802021E+17"),
                office.line(2, "乙"),
                office.line(3, "丙", admission=office.admission(2)),
                office.line(4, "丁", admission=office.admission(9)),
                office.line(5, "戊", subject="nothing"),
                '"' + office.line(6, "己"),
                office.line(7, "庚"),
            )
        ).encode()
    )
    assert codes(check) == [
        (2, "malformed_number"),
        (3, "duplicate_admission_number"),
        (4, "duplicate_admission_number"),
        (5, "number_taken"),
        (6, "unknown_subject"),
        (7, "stray_quote"),
    ]
    assert check["people"]["refused"] == 6
    [taken] = check["rows"][3]["problems"]
    assert "张三" in taken["text"]["zh"]
    assert "张三" in taken["text"]["en"]
    with pytest.raises(LookupError):
        _require_stored(office, 7)
    [rest] = office.import_checked(check)
    assert rest["outcome"] == "created"
    assert office.stored(7).name == "庚"


def _require_stored(office: Office, serial: int) -> None:
    page = office.api.post(f"{office.path}/find", {"text": office.id_number(serial)})
    if not page["candidates"]:
        raise LookupError


def test_taken_number_stops_no_other_row(office: Office) -> None:
    office.import_lines(office.line(1, "张三"))
    rows = [
        {
            "name": name,
            "id_number": office.id_number(serial),
            "admission_number": office.admission(admission),
            "subject_id": office.deployed.subject_id,
        }
        for name, serial, admission in (("甲", 2, 2), ("乙", 3, 1), ("丙", 4, 4))
    ]
    body = {"candidates": rows, "default_room_id": office.deployed.room_id}
    results = office.api.post(office.path, body)["candidates"]
    assert [result["outcome"] for result in results] == ["created", "refused", "created"]
    assert "张三" in results[1]["reasons"][0]["zh"]
    assert results[1]["photo"] is None


def test_import_keeps_what_the_list_does_not_have(office: Office) -> None:
    full = f"{HEADING},报名点"
    office.import_lines(office.line(1, "张三") + ",第一报名点", heading=full)
    heading = "姓名,证件号,准考证号,科目"
    cells = office.line(1, "张三丰").split(",")
    [result] = office.import_lines(",".join([*cells[:3], cells[4]]), heading=heading)
    assert (result["outcome"], result["changes"]) == ("updated", ["name"])
    stored = office.stored(1)
    assert (stored.registration_unit, stored.phone_number) == ("第一报名点", "13800000000")
    [again] = office.import_lines(office.line(1, "张三丰"))
    assert again["outcome"] == "unchanged"


def test_numbers_are_exchanged_by_one_list_and_audited(office: Office) -> None:
    first, second = office.import_lines(office.line(1, "甲"), office.line(2, "乙"))
    results = office.import_lines(
        office.line(1, "甲", admission=office.admission(2)),
        office.line(2, "乙", admission=office.admission(1)),
    )
    assert [result["outcome"] for result in results] == ["updated"] * 2
    for serial, created in ((1, first), (2, second)):
        stored = office.stored(serial)
        assert stored.candidate_id == created["candidate_id"]
        assert stored.admission_number == office.admission(3 - serial)
        chain = office.deployed.context.registry.audit(stored.candidate_id)
        assert [entry.action for entry in chain] == ["enrolled", "roster_imported"]
        assert first_break(chain) is None


def test_wrong_number_is_corrected_and_two_are_exchanged(office: Office) -> None:
    first, _ = office.import_lines(office.line(1, "甲"), office.line(2, "乙"))
    path = f"{office.path}/{first['candidate_id']}"
    corrected = office.api.post(
        f"{path}/correction",
        {"version": 1, "id_number": office.id_number(8), "reason": "录入有误"},
    )
    assert office.stored(8).candidate_id == first["candidate_id"]
    taken = {"version": 2, "admission_number": office.admission(2), "reason": "录入有误"}
    assert office.refusal(f"{path}/correction", taken, 409) == "number_taken"
    exchanged = office.api.post(
        f"{path}/exchange",
        {
            "version": corrected["version"],
            "field": "admission_number",
            "other_number": office.id_number(2),
            "reason": "准考证号互换",
        },
    )
    assert exchanged["candidate"]["admission_number"] == office.admission(2)
    assert office.stored(2).admission_number == office.admission(1)
    actions = [entry["action"] for entry in exchanged["audit"]]
    assert actions == ["enrolled", "corrected", "numbers_exchanged"]
    assert office.id_number(8) not in str(exchanged["audit"])


def test_numbers_of_somebody_who_answers_are_refused(deployed: DeployedExam) -> None:
    office = Office(deployed)
    person = deployed.candidate_client()
    session = deployed.context.sessions.session(person.session_id)
    path = f"{office.path}/{session.candidate_id}/correction"
    body = {"version": 1, "id_number": office.id_number(1), "reason": "录入有误"}
    assert office.refusal(path, body, 409) == "sitting_under_way"
    candidate = deployed.context.registry.candidate(session.candidate_id)
    line = office.line(1, candidate.name, admission=candidate.admission_number)
    check = office.check(f"{HEADING}\n{line}".encode())
    assert codes(check) == [(2, "sitting_under_way")]
    assert check["batches"] == []


@pytest.fixture
def post_form() -> Callable[[dict[str, Any], bytes], int]:
    def post(form: dict[str, Any], data: bytes) -> int:
        files = {"file": ("photo.jpg", data, form["content_type"])}
        return httpx.post(form["url"], data=form["fields"], files=files, timeout=30).status_code

    return post


def test_photo_counts_once_it_is_found_to_be_a_jpeg(
    office: Office, person_a: bytes, post_form: Callable[[dict[str, Any], bytes], int]
) -> None:
    [row] = office.import_lines(office.line(1, "甲"))
    path = f"{office.path}/{row['candidate_id']}"
    confirm = {"upload_id": row["photo"]["capture_id"]}
    assert office.refusal(f"{path}/photo", confirm, 400) == "photo_missing"
    assert post_form(row["photo"], b"\0\0\0\x18ftypheic" + bytes(4_000)) < 300
    assert office.refusal(f"{path}/photo", confirm, 400) == "unusable_photo"
    assert office.stored(1).photo_key is None
    assert post_form(row["photo"], person_a) < 300
    office.api.post(f"{path}/photo", confirm)
    key = office.stored(1).photo_key
    stored = office.deployed.context.media.start(key, 3)
    assert stored == ObjectStart(len(person_a), b"\xff\xd8\xff")
    # The form again: what was confirmed stays.
    post_form(row["photo"], person_a + b"another")
    office.api.post(f"{path}/photo", confirm)
    assert office.stored(1).photo_key == key
    assert office.deployed.context.media.start(key, 3) == stored
    assert post_form(row["photo"], bytes(2_000_000)) >= 400


def test_seed_tells_what_came_of_each_line(
    deployed: DeployedExam, tmp_path: Path, person_a: bytes
) -> None:
    prefix = uuid.uuid4().hex[:8].upper()
    file, photos = tmp_path / "people.csv", tmp_path / "photos"
    photos.mkdir()
    (photos / f"id{prefix}1.JPG").write_bytes(person_a)
    (photos / f"ID{prefix}2.jpg").write_bytes(b"\0\0\0\x18ftypheic" + bytes(4_000))
    (photos / "nobody.jpeg").write_bytes(person_a)
    lines = [f"人{n},ID{prefix}{n},ADM{prefix}{n},13800000000,hr-2" for n in (1, 2, 3)]
    bad = f"人4,9.9E+17,ADM{prefix}4,13800000000,hr-2"
    file.write_bytes("\r".join((HEADING, *lines, bad)).encode("gbk"))
    stage = deployed.product.deployment.stage
    with pytest.raises(InfraError, match=r"(?s)Nothing was imported.*line 5: .*9\.9E\+17"):
        run(stage, file, photos)
    with pytest.raises(InfraError, match="There is no folder"):
        run(stage, file, tmp_path / "nothing")
    summary, report = run(stage, file, photos, import_rest=True)
    text = "\n".join(report.lines())
    assert "3 created, 0 updated, 0 unchanged; 1 photos." in text
    assert "nobody.jpeg belongs to nobody" in text
    assert "line 4: 人3 has no photo" in text
    assert [line for line in report.refused if "line 5" in line]
    assert [line for line in report.refused if "HEIC" in line]
    assert f"ID{prefix}3" in {candidate["id_number"] for candidate in summary["candidates"]}
    file.write_text("\n".join((HEADING, *lines)), encoding="utf-16")
    _, again = run(stage, file)
    assert "0 created, 0 updated, 3 unchanged" in "\n".join(again.lines())
