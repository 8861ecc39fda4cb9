"""The domain's errors, each with its HTTP status, a stable code and a text for the user.

DomainError              base of all errors below
├── BadInput             400  the request's content breaks a rule
├── NotSignedIn          401  no token, or an invalid or expired one
├── NotAllowed           403  authenticated, but not authorized
├── NotFound             404  does not exist, or not for this caller
├── Conflict             409  changed concurrently: read again and retry
├── WrongState           409  the session's state does not allow the action
└── TooMany              429  rate limit reached; wait
"""

from chalicelib.domain.types import LocalizedText


class DomainError(Exception):
    """A rejected request: an HTTP status, a stable code and a text in two languages for the user."""

    status = 400
    code = "refused"
    text = LocalizedText("请求被拒绝，请稍后再试。", "The request was refused. Please try again.")

    def __init__(self, text: LocalizedText | None = None, code: str | None = None) -> None:
        self.text = text or type(self).text
        self.code = code or type(self).code
        super().__init__(f"{self.code}: {self.text.en}")


class BadInput(DomainError):
    """The request's content breaks a rule; the text names the rule."""

    code = "bad_input"
    text = LocalizedText(
        "提交的内容不正确，请检查后重试。", "The request is not valid. Check it and try again."
    )


class NotSignedIn(DomainError):
    """No token, or an invalid or expired one."""

    status = 401
    code = "not_signed_in"
    text = LocalizedText(
        "登录已失效，请重新登录。", "Your session has expired. Please sign in again."
    )


class NotAllowed(DomainError):
    """Authenticated, but not authorized for this."""

    status = 403
    code = "not_allowed"
    text = LocalizedText("您没有权限进行此操作。", "You are not allowed to do this.")


class NotFound(DomainError):
    """It does not exist, or not for this caller; the response does not distinguish the two."""

    status = 404
    code = "not_found"
    text = LocalizedText("未找到所请求的内容。", "The requested item was not found.")


class Conflict(DomainError):
    """It was changed concurrently, between the read and the write.

    `records` are those of a commit whose conditions failed; empty if the commit only collided with
    another transaction.
    """

    records: tuple[object, ...] = ()
    status = 409
    code = "conflict"
    text = LocalizedText(
        "数据刚刚被更新，请重试。", "This was changed a moment ago. Please try again."
    )


class WrongState(DomainError):
    """The session's state does not allow this action."""

    status = 409
    code = "wrong_state"
    text = LocalizedText(
        "考试当前所处的阶段不允许此操作，页面将回到当前阶段。",
        "This is not possible at the exam's current stage. The page will return to that stage.",
    )


class TooMany(DomainError):
    """Too many requests in too short a time."""

    status = 429
    code = "too_many"
    text = LocalizedText(
        "尝试次数过多，请稍后再试。", "Too many attempts. Please wait and try again."
    )
