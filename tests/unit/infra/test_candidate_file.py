"""Files of candidates and folders of photos on the command line."""

from pathlib import Path

import pytest

from infra.errors import InfraError
from infra.seed.candidate_file import photos_in, read_file

HEADING = "姓名,证件号,准考证号,手机号,科目"
LINE = "张伟,990000198802021010,G1,13800000000,hr-2"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_file_is_read_by_the_rules_of_the_console(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "people.csv"
    file.write_text(f"{HEADING}\n{LINE}\n", encoding=encoding)
    [checked] = read_file(file).rows
    assert checked.problems == ()
    assert (checked.row.name, checked.row.subject_id) == ("张伟", "hr-2")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", "Excel workbook"),
        (f"{HEADING}\n����".encode(), "line 2: Characters were lost"),
        ("姓名\n张伟".encode(), "line 1: These columns are missing: ID number"),
    ],
)
def test_unreadable_file_is_an_error_with_its_line(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(data)
    with pytest.raises(InfraError, match=reason):
        read_file(file)
    with pytest.raises(InfraError, match="cannot be read"):
        read_file(tmp_path / "nothing.csv")


def test_wrong_folder_of_photos_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InfraError, match="There is no folder"):
        photos_in(tmp_path / "nothing")
    with pytest.raises(InfraError, match="There are no pictures"):
        photos_in(tmp_path)
    (tmp_path / "A1.JPG").write_bytes(b"")
    (tmp_path / "list.csv").write_bytes(b"")
    assert [photo.name for photo in photos_in(tmp_path)] == ["A1.JPG"]
