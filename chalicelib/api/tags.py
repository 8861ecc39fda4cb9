"""The topics under which the API description groups the routes."""

from enum import StrEnum


class Tag(StrEnum):
    """A topic; the order is that of the description."""

    EXAMS = "Exams"
    CHECK_IN = "Check-in"
    DEVICE_CHECKS = "Device checks"
    ANSWERING = "Answering"
    CAPTURES = "Captures"
    RECORDINGS = "Recordings"
    SECOND_VIEW = "Second view"
    CANDIDATE_MESSAGES = "Candidate messages"
    STAFF_SIGN_IN = "Staff sign-in"
    PROCTORING = "Proctoring"
    STAFF_MESSAGES = "Staff messages"
    CALLS = "Calls"
    REVIEW = "Review"
    CANDIDATES = "Candidates"
    EXAM_SETTINGS = "Exam settings"
    PASSCODES = "Passcodes"


DESCRIPTIONS = {
    Tag.EXAMS: "What anybody may read of an exam before signing in.",
    Tag.CHECK_IN: (
        "The candidate's way to the paper: sign-in, personal details, pledge, face-processing "
        "consent, identity verification, Safe Exam Browser, waiting room."
    ),
    Tag.DEVICE_CHECKS: "The candidate's device checks and camera tests.",
    Tag.ANSWERING: "The paper, saving answers, page exits, submission.",
    Tag.CAPTURES: "Which pictures and sound clips a candidate's device takes, and their uploads.",
    Tag.RECORDINGS: "What devices record in segments, consent to it, and what arrived.",
    Tag.SECOND_VIEW: "The candidate's phone, paired as second view (第二视角).",
    Tag.CANDIDATE_MESSAGES: "The candidate's side of warnings and the support chat.",
    Tag.STAFF_SIGN_IN: "Sign-in of proctors, administrators and support.",
    Tag.PROCTORING: "Rooms and candidates as a proctor sees them, and session control.",
    Tag.STAFF_MESSAGES: "The staff's side of warnings and the support chat.",
    Tag.CALLS: "Voice calls and live video: opening, answering, ending, WebRTC signals and servers.",
    Tag.REVIEW: "Incidents, decisions, evidence, violations and session records.",
    Tag.CANDIDATES: "Administration of candidates: enrolment, search, accommodations.",
    Tag.EXAM_SETTINGS: "Administration of exams: texts, times, monitoring rules, page lock.",
    Tag.PASSCODES: "Administration of passcodes, and their delivery by SMS.",
}
