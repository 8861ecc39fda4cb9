"""A subject of an exam, where there has to be one."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.exams.exams import Exam, Subject


def require_subject(exam: Exam, subject_id: str) -> Subject:
    """Return an exam's subject. Raises NotFound."""
    subject = exam.subject(subject_id)
    if subject is None:
        raise NotFound
    return subject
