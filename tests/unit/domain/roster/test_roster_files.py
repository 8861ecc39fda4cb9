"""Files of candidates: encodings, line ends, delimiters, headings, quotes."""

import pytest

from chalicelib.domain.roster.rows import RosterRow
from tests.unit.domain.roster.lists import (
    CHINESE,
    ENGLISH,
    line,
    numbered,
    problems_of,
    read,
    rows_of,
    unreadable,
)

LIST = f"{CHINESE}\n{line(1)}\n{line(2, '王伟')}\n"


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("gb18030"),
        LIST.encode("utf-16"),
        b"\xfe\xff" + LIST.encode("utf-16-be"),
        LIST.encode("utf-16-le"),
        LIST.encode("utf-16-be"),
        LIST.encode("utf-32"),
        LIST.replace("\n", "\r\n").encode("gb18030"),
        LIST.replace("\n", "\r").encode(),
        LIST.replace(",", ";").encode(),
        LIST.replace(",", "\t").encode("utf-16"),
        LIST.replace(",", "，").encode("gb18030"),
        ("sep=,\n" + LIST).encode(),
        ("2026 年秋季考试名单,,,,\n\n" + LIST).encode(),
    ],
)
def test_list_is_read_however_it_was_saved(data: bytes) -> None:
    assert [(row.name, row.admission_number) for row in rows_of(data)] == [
        ("欧阳娜娜", "G000001"),
        ("王伟", "G000002"),
    ]


def test_gbk_with_english_headings_is_read() -> None:
    [row] = rows_of(f"{ENGLISH}\n{line(3, '张伟')}".encode("gbk"))
    assert row.name == "张伟"


@pytest.mark.parametrize(
    ("data", "code", "line_number"),
    [
        (b"PK\x03\x04" + bytes(40), "workbook", 0),
        (b"\xd0\xcf\x11\xe0" + bytes(40), "workbook", 0),
        (b"<html><table>", "workbook", 0),
        (b"%PDF-1.7", "not_a_table", 0),
        (b"\xff\xd8\xff\xe0" + bytes(40), "not_a_table", 0),
        (b"", "empty", 0),
        (b"\xef\xbb\xbf \r\n", "empty", 0),
        (f"{CHINESE}\n{line(1)}\n{line(2, '����')}".encode(), "lost_characters", 3),
        (LIST.encode().replace("王伟".encode(), b"\xe7\x8e\xff"), "lost_characters", 3),
        (f"{ENGLISH}\na,1,2,3,hr-2\xff\xff".encode("latin-1"), "encoding", 0),
        (b"\x01\x02\x03,\x04\n\x05,\x06", "no_headings", 0),
        ("性别,年龄\n男,20".encode(), "no_headings", 0),
        (f"{CHINESE}\n\n,,,,\n".encode(), "no_rows", 1),
    ],
)
def test_unreadable_file_is_refused_with_its_reason(
    data: bytes, code: str, line_number: int
) -> None:
    problem = unreadable(data)
    assert (problem.code, problem.line) == (code, line_number)


def test_missing_and_doubled_headings_are_named() -> None:
    missing = unreadable("姓名,手机\na,1")
    assert missing.code == "missing_columns"
    assert "证件号、准考证号、科目" in missing.text.zh
    assert "ID number, admission number, subject" in missing.text.en
    doubled = unreadable("姓名,证件号,身份证号,准考证号,科目\na,1,2,3,4")
    assert doubled.code == "doubled_columns"
    assert "证件号" in doubled.text.zh


@pytest.mark.parametrize(
    "heading",
    [
        "Name,ID Number,Admission_Number,Mobile,Subject",
        "＊姓名 , 身份证号码（必填）, 准考证号, 联系电话, 报考科目",
        "考生姓名,公民身份号码,准考证号码,手机号码,职业等级",
    ],
)
def test_headings_have_many_names(heading: str) -> None:
    [row] = rows_of(f"{heading}\n{line(1)}")
    assert (row.id_number, row.phone_number, row.subject_id) == (numbered(1), "13800000000", "hr-2")


def test_columns_that_are_not_imported_are_named() -> None:
    file = read(f"{CHINESE},性别,备注\n{line(1)},女,\n")
    [remark] = file.remarks
    assert (remark.line, remark.code) == (1, "ignored_columns")
    assert "性别、备注" in remark.text.zh


def test_quotes_and_empty_lines() -> None:
    text = f'\ufeff{ENGLISH},room\r\n"李, ""小"" 四",12,22,13800000000,hr-2,room-1\r\n\r\n'
    text += "王五,45,55,13800000001,hr-2,"
    assert rows_of(text) == [
        RosterRow('李, "小" 四', "12", "22", "hr-2", "13800000000", None, "room-1", 2),
        RosterRow("王五", "45", "55", "hr-2", "13800000001", None, None, 4),
    ]


@pytest.mark.parametrize("name", ['"寅二', '"寅"二', '"寅\n二"'])
def test_stray_quote_refuses_its_line_alone(name: str) -> None:
    text = f"{ENGLISH}\n{line(1)}\n{line(2, name)}\n{line(3)}"
    assert (3, "stray_quote") in problems_of(text)
    good = [row.row.admission_number for row in read(text).rows if not row.problems]
    assert good == ["G000001", "G000003"]


def test_quote_within_a_cell_is_a_character() -> None:
    [row] = rows_of(f"{ENGLISH}\n{line(1, '阿依' + chr(34) + '古丽')}")
    assert row.name == '阿依"古丽'


def test_subject_and_room_are_named_by_id_or_title() -> None:
    text = f"{CHINESE},考场\n{line(1, subject='企业人力资源管理师2级')},第1考场\n"
    text += f"{line(2, subject='ＨＲ-2')},ROOM-1\n{line(3, subject='Health manager, grade 2')}"
    rows = read(text.replace("Health manager, grade 2", '"Health manager, grade 2"')).rows
    assert [(row.row.subject_id, row.row.room_id) for row in rows] == [
        ("hr-2", "room-1"),
        ("hr-2", "room-1"),
        ("health-2", None),
    ]
