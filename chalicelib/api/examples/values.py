"""What the examples share: one invented candidate in the demonstration exam, and its moments."""

from chalicelib.schemas.common import TextOut, UploadOut

MINUTE = 60_000
OPENS_AT = 1_767_229_200_000
"""2026-01-01 09:00 in China."""
STARTS_AT = OPENS_AT + 30 * MINUTE
ENDS_AT = STARTS_AT + 90 * MINUTE
NOW = STARTS_AT + 41 * MINUTE

EXAM_ID, SUBJECT_ID, ROOM_ID = "demo", "hr-2", "demo-room-1"
ACT_ID = "9e107d9d-372b-4e8c-8d5a-9b1c0f2e3a44"
SESSION_ID = "3f9d7c21a4b86e05d1c2f7a9"
CANDIDATE_NAME, ADMISSION_NUMBER = "张晓明", "20260001"
CAPTURE_ID = f"{NOW - 9_000}-7c1e0b52"
FLAG_ID = f"{NOW - 31_000}-first-phone"
EXAM_TITLE = TextOut(zh="职业技能等级统一认定", en="Vocational skills examination")
SUBJECT_TITLE = TextOut(zh="企业人力资源管理师（二级）", en="Human resources manager (level 2)")
TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…"  # noqa: S105  (shortened: opens nothing)
PASSWORD = "correct horse battery staple"  # noqa: S105  (nobody's)


def picture_url(key: str) -> str:
    """Return what a signed address of the media bucket looks like."""
    return f"https://media.example/{key}?X-Amz-Signature=…"


def upload(capture_id: str, key: str) -> UploadOut:
    """Return what a signed form for a picture looks like."""
    return UploadOut(
        capture_id=capture_id,
        url="https://media.example/",
        fields={"key": key, "Content-Type": "image/jpeg", "policy": "eyJ…", "x-amz-signature": "…"},
        largest=2_097_152,
        content_type="image/jpeg",
    )
