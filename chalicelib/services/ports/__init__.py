"""Ports: protocols of what the use cases need from outside, and the values they exchange.

context       the ports that each kind of use case gets
stores        exams, sessions and messages
records       what a session store writes and reads together
files         the media and evidence buckets
credentials   tokens, passwords, one-time codes, passcodes
retention     jobs that delete what is due, and their queue
sms           batches, their queue, and the sender
sockets       open sockets and their topics
"""

from chalicelib.services.ports.context import (
    AppContext,
    FunctionContext,
    RetentionContext,
    SmsContext,
)
from chalicelib.services.ports.credentials import (
    ClaimedSitting,
    Claims,
    OneTimeCodes,
    Passcodes,
    Passwords,
    Tokens,
)
from chalicelib.services.ports.files import (
    EvidenceStore,
    MediaStore,
    ObjectStart,
    ReadObject,
    SignedForm,
    StoredFile,
    StoredObject,
)
from chalicelib.services.ports.records import (
    VERSIONED,
    AttemptReset,
    CandidatePage,
    CandidateWrite,
    DecisionCounts,
    EndedSockets,
    JoinCode,
    NewOrigin,
    Nonce,
    Record,
    RoomReviews,
    SessionBundle,
    SittingRecords,
    StaffAct,
    Versioned,
)
from chalicelib.services.ports.retention import DeleteDueFiles, RetentionQueue
from chalicelib.services.ports.sms import (
    EnqueueRecipients,
    NotSent,
    SendToRecipients,
    SmsBatches,
    SmsJob,
    SmsQueue,
    SmsSender,
)
from chalicelib.services.ports.sockets import Connection, Connections
from chalicelib.services.ports.stores import ExamRegistry, MessageStore, SessionStore

__all__ = [
    "VERSIONED",
    "AppContext",
    "AttemptReset",
    "CandidatePage",
    "CandidateWrite",
    "ClaimedSitting",
    "Claims",
    "Connection",
    "Connections",
    "DecisionCounts",
    "DeleteDueFiles",
    "EndedSockets",
    "EnqueueRecipients",
    "EvidenceStore",
    "ExamRegistry",
    "FunctionContext",
    "JoinCode",
    "MediaStore",
    "MessageStore",
    "NewOrigin",
    "Nonce",
    "NotSent",
    "ObjectStart",
    "OneTimeCodes",
    "Passcodes",
    "Passwords",
    "ReadObject",
    "Record",
    "RetentionContext",
    "RetentionQueue",
    "RoomReviews",
    "SendToRecipients",
    "SessionBundle",
    "SessionStore",
    "SignedForm",
    "SittingRecords",
    "SmsBatches",
    "SmsContext",
    "SmsJob",
    "SmsQueue",
    "SmsSender",
    "StaffAct",
    "StoredFile",
    "StoredObject",
    "Tokens",
    "Versioned",
]
