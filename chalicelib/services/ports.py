"""What the use cases need of the world outside: the store, the media, tokens, the clock."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, get_args

from chalicelib.exam.audit import AuditEntry
from chalicelib.exam.calls import Calls, Signal
from chalicelib.exam.chats import Chat, ChatMessage, Side
from chalicelib.exam.checks import Checks
from chalicelib.exam.danmaku import DanmakuWarning
from chalicelib.exam.devices import Devices
from chalicelib.exam.evidence import Evidence
from chalicelib.exam.exams import Candidate, Exam, Room, Staff
from chalicelib.exam.findings import Kind, Observation
from chalicelib.exam.ice import IceConfig
from chalicelib.exam.identity import Identity
from chalicelib.exam.limits import Door, Tries
from chalicelib.exam.looks import Look, Looks
from chalicelib.exam.mailings import Mailing, Recipient, ShortMessage, Undelivered
from chalicelib.exam.papers import Answer, Paper, Sheet
from chalicelib.exam.reviewing import Mark, Review
from chalicelib.exam.sessions import Session
from chalicelib.exam.watches import Flag, Watch
from chalicelib.exam.words import Millis, Role, SittingKind


@dataclass(frozen=True, slots=True)
class JoinCode:
    """A one-time code by which a phone joins a session; `tries` with it failed so far."""

    code: str
    session_id: str
    expires_at: Millis
    version: int = 1
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Nonce:
    """A one-time number over which a device proves that it runs Safe Exam Browser."""

    nonce: str
    session_id: str
    expires_at: Millis


@dataclass(frozen=True, slots=True)
class Welcome:
    """A success at a door: it clears the failures, and holds only over the count that was read."""

    tries: Tries
    at: Millis


type Versioned = (
    Session
    | Sheet
    | Watch
    | Identity
    | Devices
    | Checks
    | Evidence
    | Review
    | Looks
    | DanmakuWarning
    | Calls
    | Chat
    | JoinCode
)  # fmt: skip
"""What is written only over the version before its own."""

VERSIONED: tuple[type, ...] = get_args(Versioned.__value__)

type Record = (
    Versioned
    | Flag
    | Observation
    | AuditEntry
    | Mark
    | Look
    | Signal
    | ChatMessage
    | Nonce
    | Welcome
)  # fmt: skip
"""What `commit` writes. What has no version is written only where there is none yet, but for flags,
which always stand beside the watch that guards them, and for a welcome, which holds only over the
failures that it knows of."""


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything of one session but its answers, observations, flags and audit."""

    session: Session
    sheet: Sheet
    watch: Watch
    identity: Identity
    devices: Devices
    """Of version 0 while nothing is written."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some of a long list; the next begins `after`, which is empty at the list's end."""

    candidates: tuple[Candidate, ...]
    after: str


@dataclass(frozen=True, slots=True)
class Decided:
    """How often people said of a kind of flag that it was a violation, and that it was none."""

    confirmed: int = 0
    dismissed: int = 0


class Registry(Protocol):
    """What admins set up. Reads raise NotFound."""

    def exam(self, exam_id: str) -> Exam:
        """Return an exam as it was half a minute ago at most."""
        ...

    def exam_with(self, exam_id: str, subject_id: str) -> Exam:
        """Return an exam, read afresh where the one in memory does not have that subject."""
        ...

    def exam_now(self, exam_id: str) -> Exam:
        """Return an exam as it is, to be changed."""
        ...

    def exams(self) -> list[Exam]: ...
    def paper(self, subject_id: str, kind: SittingKind) -> Paper: ...
    def candidate(self, candidate_id: str) -> Candidate: ...
    def candidate_by_number(self, exam_id: str, number: str) -> Candidate: ...
    def candidates(self, exam_id: str, *, after: str, most: int) -> Page:
        """Return the next candidates in the order of their admission numbers."""
        ...

    def audit_of(self, owner_id: str) -> list[AuditEntry]:
        """Return the audit chain of an exam or a candidate."""
        ...

    def room(self, room_id: str) -> Room: ...
    def rooms(self) -> list[Room]: ...
    def staff(self, username: str) -> Staff: ...
    def put_exam(self, exam: Exam, *entries: AuditEntry) -> None:
        """Write an exam with entries of its audit chain.

        Version 1 is written over whatever is there; any later one raises Conflict unless it
        follows the one that is there.
        """
        ...

    def put_paper(self, paper: Paper) -> None: ...
    def put_candidate(self, candidate: Candidate, *entries: AuditEntry) -> None:
        """Write a candidate, to be found by either number alone, with entries of the audit chain.

        Raises Conflict unless the version follows the one that is there (1 where there is none),
        and where a number is another candidate's. A number that was changed leads nowhere.
        """
        ...

    def put_room(self, room: Room) -> None: ...
    def put_staff(self, staff: Staff) -> None: ...
    def count_decided(self, subject_id: str, kinds: Iterable[Kind], *, confirmed: bool) -> None:
        """Count a decision for each kind of an event: a violation, or none."""
        ...

    def decided(self, subject_id: str) -> dict[Kind, Decided]:
        """Return how often each kind was decided on in a subject."""
        ...


class Sessions(Protocol):
    """What happens in an exam. Reads of one thing raise NotFound; writes raise Conflict."""

    def session(self, session_id: str) -> Session: ...
    def whole(self, session_id: str) -> Whole: ...
    def checks(self, session_id: str) -> Checks:
        """Return the device checks; before any was made, none under version 0."""
        ...

    def commit(self, *records: Record) -> None:
        """Write all records or none."""
        ...

    def save_answer(self, answer: Answer, generation: int) -> None:
        """Save an answer, if the session is answering on the device of that generation, and the
        answer is newer than the saved one.

        Raises WrongState, OtherDevice or StaleAnswer; the very same answer again is no error.
        """
        ...

    def answers(self, session_id: str) -> list[Answer]: ...
    def flags(self, session_id: str) -> list[Flag]: ...
    def observations(
        self, session_id: str, *, most: int, before: str | None = None
    ) -> list[Observation]:
        """Return the newest first, or the newest before a capture's id."""
        ...

    def observations_of(self, session_id: str, ids: Iterable[str]) -> list[Observation]: ...
    def audit(self, session_id: str) -> list[AuditEntry]: ...
    def evidence(self, session_id: str) -> list[Evidence]: ...
    def reviews(self, session_id: str) -> list[Review]: ...
    def looks(self, topic: str) -> Looks:
        """Return the end of a chain of looks; of one that was never begun, its beginning."""
        ...

    def look_entries(self, topic: str) -> list[AuditEntry]: ...
    def in_room(self, room_id: str) -> list[Whole]: ...
    def to_review(self, room_id: str) -> tuple[list[Flag], list[Review], list[Mark]]:
        """Return all flags of a room, what was decided about them, and which those are."""
        ...

    def devices(self, session_id: str) -> Devices:
        """Return what was written of a session's devices. Raises NotFound before that."""
        ...

    def code(self, code: str, now: Millis) -> JoinCode:
        """Return a code, unused. Raises NotFound where there is none, or it is used or over."""
        ...

    def take_code(self, code: str, now: Millis) -> JoinCode:
        """Use a code up. Raises NotFound where there is none, or it is used or over."""
        ...

    def take_nonce(self, nonce: str, now: Millis) -> Nonce:
        """Use a nonce up. Raises NotFound where there is none, or it is used or over."""
        ...

    def knock(
        self, session_id: str, doors: Iterable[Door]
    ) -> tuple[Whole | None, dict[str, Tries]]:
        """Return a session, if there is one, and the tries at each door by its name; one call."""
        ...

    def count_failure(self, door: Door, now: Millis) -> Tries:
        """Count a failure at a door, beginning anew after `forget`. Returns the count after it."""
        ...

    def due(self, now: Millis) -> list[str]:
        """Return the ids of the sessions that the clock should look at."""
        ...


class Messages(Protocol):
    """What is said between candidates and staff, to be read; `Sessions.commit` writes it."""

    def warnings(self, session_id: str) -> list[DanmakuWarning]:
        """Return the earliest first."""
        ...

    def warning(self, session_id: str, warning_id: str) -> DanmakuWarning:
        """Return a warning. Raises NotFound."""
        ...

    def calls(self, session_id: str) -> Calls | None: ...
    def signals(self, session_id: str, call_id: str, to: Side) -> list[Signal]: ...
    def chat(self, session_id: str, room_id: str) -> Chat | None: ...
    def chat_messages(self, session_id: str) -> list[ChatMessage]: ...
    def chats(self, exam_id: str, room_id: str | None) -> list[Chat]:
        """Return the chats of an exam, or of one of its rooms, that are not settled."""
        ...


@dataclass(frozen=True, slots=True)
class Connection:
    """An open socket: who is there, and the address by which it can be written to."""

    connection_id: str
    role: Role
    subject: str
    endpoint: str
    opened_at: Millis = 0


class Connections(Protocol):
    """The open sockets and the topics they follow: «room:…», «session:…», «staff:…» or «chats:…»."""

    def add(self, connection: Connection, expires_at: Millis) -> None: ...
    def get(self, connection_id: str) -> Connection: ...
    def follow(self, connection: Connection, topic: str, expires_at: Millis) -> None: ...
    def followers(self, topic: str) -> list[Connection]: ...
    def remove(self, connection_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class SignedForm:
    """A form that lets a browser upload exactly one object."""

    url: str
    fields: dict[str, str]
    largest: int
    content_type: str


class Media(Protocol):
    """The bucket of pictures and sound, by signed addresses."""

    def upload_form(
        self, key: str, content_type: str, largest: int, seconds: int
    ) -> SignedForm: ...
    def view_url(self, key: str) -> str: ...
    def forget(self, key: str) -> None:
        """Delete an object; that there is none is no error."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A file under lock."""

    key: str
    sha256: str
    size: int
    content_type: str


class Vault(Protocol):
    """The bucket in which evidence is kept: nothing in it can be changed or deleted for its time."""

    def keep(self, source_key: str, session_id: str) -> Kept:
        """Keep an object of the media bucket under its hash; keeping it again is no error.

        Raises NotFound where there is none, BadInput where it is no picture or sound.
        """
        ...

    def read(self, key: str) -> bytes | None: ...
    def view_url(self, key: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Sitting:
    """Which paper a candidate's token is for, so that saving an answer need not read the session."""

    subject_id: str
    kind: SittingKind


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: the role, whose it is (a session's id or a username), until when."""

    role: Role
    subject: str
    expires_at: Millis
    sitting: Sitting | None = None
    sealed: bool = False
    """Whether the device that holds it has proven to run Safe Exam Browser."""
    generation: int = 1
    """Of a candidate's token: for which of the session's devices it is."""


class Tokens(Protocol):
    """Signed tokens. `purpose` keeps a socket ticket from being used at the API, and the reverse."""

    def issue(self, claims: Claims, purpose: str) -> str: ...
    def read(self, token: str, purpose: str, now: Millis) -> Claims:
        """Return the claims. Raises NotSignedIn."""
        ...


class Passwords(Protocol):
    """Slow, salted hashes of staff passwords."""

    def hash(self, password: str) -> str: ...
    def matches(self, password: str, stored: str) -> bool: ...


class Passcodes(Protocol):
    """Passcodes in clear, for the messages that tell them. Only the newest of a sitting is kept."""

    def keep(self, subject_id: str, kind: SittingKind, passcode: str) -> None: ...
    def reveal(self, subject_id: str, kind: SittingKind) -> str | None: ...


class Mailings(Protocol):
    """Mailings and their recipients. Reads raise NotFound.

    Each is written over the version before its own only, otherwise Conflict is raised.
    """

    def mailing(self, mailing_id: str) -> Mailing: ...
    def recipient(self, mailing_id: str, candidate_id: str) -> Recipient: ...
    def recipients(self, mailing_id: str) -> Iterator[Recipient]: ...
    def put_mailing(self, mailing: Mailing) -> None: ...
    def put_recipient(self, recipient: Recipient) -> None: ...


@dataclass(frozen=True, slots=True)
class Walk:
    """A job: go through the candidates from `after` on. `again` also takes those that failed."""

    mailing_id: str
    after: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """A job: send to these candidates."""

    mailing_id: str
    candidate_ids: tuple[str, ...]


type Job = Walk | Send


class Jobs(Protocol):
    """What takes longer than a request may, for data's part to carry out."""

    def add(self, *jobs: Job) -> None: ...


class NotSent(Exception):
    """A message did not go out. `passing` says that trying again later may help."""

    def __init__(self, reason: Undelivered, *, passing: bool) -> None:
        self.reason = reason
        self.passing = passing
        super().__init__(reason.value)


class Sms(Protocol):
    """Sends text messages."""

    def send(self, message: ShortMessage) -> None:
        """Hand a message over. Raises NotSent."""
        ...


@dataclass(frozen=True)
class PostWorld:
    """What sending passcodes acts on."""

    registry: Registry
    mailings: Mailings
    passcodes: Passcodes
    jobs: Jobs
    sms: Sms
    clock: Callable[[], Millis]


@dataclass(frozen=True)
class DataWorld:
    """What the use cases that data triggers act on: no passwords, no tokens, no registry."""

    sessions: Sessions
    messages: Messages
    connections: Connections
    media: Media
    clock: Callable[[], Millis]


@dataclass(frozen=True)
class World(DataWorld):
    """Everything that the use cases of people act on and with."""

    registry: Registry
    tokens: Tokens
    passwords: Passwords
    vault: Vault
    passcodes: Passcodes
    mailings: Mailings
    jobs: Jobs
    draw: Callable[[Millis], Millis]
    """draw(n) returns a random whole number from 0 to n - 1, hard to foresee."""
    pages_url: str
    """Where the pages are, without a slash at the end."""
    new_id: Callable[[], str]
    """Returns 10 random characters of [a-z0-9]."""
    ice: Callable[[], IceConfig]
    """Returns what the operator says of ICE at this moment."""
