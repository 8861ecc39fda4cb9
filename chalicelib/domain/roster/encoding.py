"""From a file's bytes to its text, without guessing wrongly in silence."""

from chalicelib.domain.roster.problems import RosterUnreadable

_SIGNATURES = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"%PDF", "not_a_table"),
    (b"\xff\xd8\xff", "not_a_table"),
    (b"\x89PNG", "not_a_table"),
)
"""First bytes of files that are given as lists but are none: .xlsx and .xls, PDF, pictures."""

_WORKBOOK = (
    "这是 Excel/WPS 工作簿，不是 CSV。请在表格软件中选择“另存为 → CSV UTF-8（逗号分隔）”，再导入另存的文件。",
    "This is an Excel workbook, not a CSV file. In the spreadsheet program choose “Save as → CSV "
    "UTF-8”, and import that file.",
)
_NOT_A_TABLE = (
    "这不是表格文件。请选择 CSV 格式的考生名单。",
    "This is not a table. Choose a list of candidates in CSV format.",
)
_SAVE_AGAIN = (
    "无法识别文件的编码。请在表格软件中选择“另存为 → CSV UTF-8（逗号分隔）”，再导入另存的文件。",
    "The file's encoding is not recognized. In the spreadsheet program choose “Save as → CSV "
    "UTF-8”, and import that file.",
)
REPLACEMENT = "\ufffd"
"""What programs write for a character that they could not read: the character itself is lost."""


def decode(data: bytes) -> str:
    """Return a file's text: UTF-8 with or without a byte order mark, UTF-16, or else GB18030.

    Raises RosterUnreadable for workbooks and other files, for no text at all, for UTF-8 that is
    damaged in places, and where characters were lost when the file was written.
    """
    _require_text(data)
    text = _decode_unicode(data)
    if text is None:
        text = _decode_gb18030(data)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise RosterUnreadable("empty", "文件是空的。", "The file is empty.")
    if REPLACEMENT in text:
        raise _lost_characters(text)
    if text.lstrip()[:200].lower().startswith(("<html", "<!doctype html", "<table", "<?xml")):
        raise RosterUnreadable("workbook", *_WORKBOOK)
    return text


def _require_text(data: bytes) -> None:
    for signature, code in _SIGNATURES:
        if data.startswith(signature):
            raise RosterUnreadable(code, *(_WORKBOOK if code == "workbook" else _NOT_A_TABLE))


def _decode_unicode(data: bytes) -> str | None:
    """Return UTF-8 or UTF-16 text, or None where the bytes are something else."""
    try:
        return data.decode(_unicode_encoding(data))
    except UnicodeDecodeError:
        return None


def _unicode_encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # UTF-16 without its mark: in a heading of Latin letters every other byte is zero, and commas
    # are elsewhere as well.
    even, odd = data[:400:2].count(0), data[1:400:2].count(0)
    if even != odd and max(even, odd) > len(data[:400]) // 20:
        return "utf-16-be" if even > odd else "utf-16-le"
    return "utf-8-sig"


def _decode_gb18030(data: bytes) -> str:
    as_utf8 = data.decode("utf-8", "replace")
    # Damaged UTF-8 can be read as GB18030 too, as rubbish. Text that really is GB18030 has hardly
    # any three bytes that are a Chinese character in UTF-8.
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in as_utf8)
    if chinese > as_utf8.count(REPLACEMENT):
        raise _lost_characters(as_utf8)
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        raise RosterUnreadable("encoding", *_SAVE_AGAIN) from None
    if "\0" in text:
        raise RosterUnreadable("encoding", *_SAVE_AGAIN)
    return text


def _lost_characters(text: str) -> RosterUnreadable:
    before = text[: text.index(REPLACEMENT)].replace("\r\n", "\n").replace("\r", "\n")
    line = before.count("\n") + 1
    return RosterUnreadable(
        "lost_characters",
        "有文字在保存时已经丢失（显示为“�”）。请从原始名单重新另存为 CSV UTF-8 后导入。",
        "Characters were lost when the file was saved (shown as “�”). Save the original list as CSV "
        "UTF-8 again, and import that file.",
        line,
    )
