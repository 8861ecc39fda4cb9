"""Invented names and numbers of candidates, as the pages show them."""

FAMILY_NAMES = "王李张刘陈杨赵黄周吴徐孙"
GIVEN_NAMES = ("伟", "芳", "娜", "敏", "静", "秀英", "丽", "强", "磊", "洋")


def candidate_name(number: int) -> str:
    """Return an invented name; numbers below 60 all have different ones."""
    return (
        FAMILY_NAMES[number % len(FAMILY_NAMES)] + GIVEN_NAMES[number * 7 // 3 % len(GIVEN_NAMES)]
    )


def admission_number(number: int) -> str:
    """Return an admission number of ten digits."""
    return f"2026{number:06d}"
