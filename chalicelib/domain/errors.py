"""What can go wrong, each with the HTTP status it answers with and a text for the person.

ExamError                what every refusal derives from
├── BadInput             400  the request's content breaks a rule
├── NotSignedIn          401  no token, or one that is no longer good
├── NotAllowed           403  signed in, but not for this
├── NotFound             404  there is no such thing, or not for this caller
├── Conflict             409  somebody else changed it first: read again
├── WrongState           409  the session is not in a state that allows the step
└── TooMany              429  too many tries; wait
"""

from chalicelib.domain.types import LocalizedText


class DomainError(Exception):
    """A refusal that a person is told about: a stable code, a status and a text in two languages."""

    status = 400
    code = "refused"
    text = LocalizedText("请求被拒绝，请稍后再试。", "The request was refused. Please try again.")

    def __init__(self, text: LocalizedText | None = None, code: str | None = None) -> None:
        self.text = text or type(self).text
        self.code = code or type(self).code
        super().__init__(f"{self.code}: {self.text.en}")


class BadInput(DomainError):
    """The request's content breaks a rule; the text says which."""

    code = "bad_input"
    text = LocalizedText(
        "提交的内容不正确，请检查后重试。", "The request is not valid. Check it and try again."
    )


class NotSignedIn(DomainError):
    """No token, or one that is no longer good."""

    status = 401
    code = "not_signed_in"
    text = LocalizedText(
        "登录已失效，请重新登录。", "Your sign-in has ended. Please sign in again."
    )


class NotAllowed(DomainError):
    """Signed in, but this is not for this caller."""

    status = 403
    code = "not_allowed"
    text = LocalizedText("您没有权限进行此操作。", "You are not allowed to do this.")


class NotFound(DomainError):
    """There is no such thing, or not for this caller: the two are not told apart."""

    status = 404
    code = "not_found"
    text = LocalizedText("未找到所请求的内容。", "What you asked for was not found.")


class Conflict(DomainError):
    """Somebody else changed it between the read and the write."""

    status = 409
    code = "conflict"
    text = LocalizedText(
        "数据刚刚被更新，请重试。", "It was changed a moment ago. Please try again."
    )


class WrongState(DomainError):
    """The session is not in a state that allows this step."""

    status = 409
    code = "wrong_state"
    text = LocalizedText(
        "考试当前所处的阶段不允许此操作，页面将回到当前阶段。",
        "This is not possible at the exam's current stage. The page returns to it.",
    )


class TooMany(DomainError):
    """Too many tries in too short a time."""

    status = 429
    code = "too_many"
    text = LocalizedText("尝试次数过多，请稍后再试。", "Too many tries. Please wait and try again.")
