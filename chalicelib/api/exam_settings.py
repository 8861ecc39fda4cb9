"""Routes of administration of exams: texts, times, rules, page lock, passcodes."""

from chalicelib.api.roles import ADMIN
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.errors import Conflict
from chalicelib.domain.exams.exams import Exam
from chalicelib.domain.rules.outages import OutageRule
from chalicelib.domain.rules.page_exits import PageLockRule
from chalicelib.domain.rules.retention import RetentionRule
from chalicelib.domain.rules.safe_exam_browser import SebRule
from chalicelib.domain.types import LocalizedText, SittingKind
from chalicelib.schemas.common import TextOut
from chalicelib.schemas.exam_settings import (
    ContinuityIn,
    ExamSetup,
    ExamsOut,
    PageLockRulesIn,
    ProfilesOut,
    RecordingIn,
    RetentionIn,
    RoomChoice,
    RoomChoicesOut,
    RulesIn,
    SubjectIn,
    TextIn,
    TextsIn,
    TimesIn,
    TitleIn,
)
from chalicelib.schemas.serializers.admin import (
    exam_setup,
    exam_summary,
    profiles_out,
    rule_settings,
)
from chalicelib.services.admin import exam_settings
from chalicelib.services.admin.exam_settings import (
    EditContext,
    SubjectForm,
    WindowTimes,
)

routes = Routes("chalicelib.api.exam_settings")
EXAM = "/admin/exams/{exam_id}"
SUBJECT = EXAM + "/subjects/{subject_id}"


def edit_context(request: ApiRequest, exam_id: str, version: int) -> EditContext:
    """Return which version of the exam the caller changes."""
    return EditContext(request.staff, exam_id, version)


def setup_out(request: ApiRequest, exam: Exam) -> ExamSetup:
    """Return an exam's settings as an admin sees them."""
    return exam_setup(exam, request.context.retention_days, request.context.clock())


def _text(title: TitleIn | TextIn) -> LocalizedText:
    return LocalizedText(title.zh, title.en)


def _times(times: TimesIn) -> WindowTimes:
    return WindowTimes(times.opens_at, times.starts_at, times.ends_at)


@routes.add("GET", "/admin/profiles", tag=Tag.EXAM_SETTINGS, roles=ADMIN, response=ProfilesOut)
def show_profiles(_: ApiRequest) -> ProfilesOut:
    """Show the named rules profiles."""
    return profiles_out()


@routes.add("GET", "/admin/exams", tag=Tag.EXAM_SETTINGS, roles=ADMIN, response=ExamsOut)
def show_exams(request: ApiRequest) -> ExamsOut:
    """Show all exams."""
    summaries = [exam_summary(exam) for exam in request.context.registry.exams()]
    return ExamsOut(exams=summaries, now=request.context.clock())


@routes.add("GET", EXAM, tag=Tag.EXAM_SETTINGS, roles=ADMIN, response=ExamSetup)
def show_exam_setup(request: ApiRequest, exam_id: str) -> ExamSetup:
    """Show an exam's settings."""
    return setup_out(request, request.context.registry.fresh_exam(exam_id))


@routes.add("GET", EXAM + "/rooms", tag=Tag.EXAM_SETTINGS, roles=ADMIN, response=RoomChoicesOut)
def show_room_choices(request: ApiRequest, exam_id: str) -> RoomChoicesOut:
    """Show the rooms of an exam."""
    rooms = [room for room in request.context.registry.rooms() if room.exam_id == exam_id]
    return RoomChoicesOut(
        rooms=[RoomChoice(room_id=room.room_id, name=TextOut.of(room.name)) for room in rooms]
    )


@routes.add(
    "PUT",
    EXAM,
    tag=Tag.EXAM_SETTINGS,
    roles=ADMIN,
    body=TextsIn,
    response=ExamSetup,
    errors=(Conflict,),
)
def change_texts(request: ApiRequest, body: TextsIn, exam_id: str) -> ExamSetup:
    """Change an exam's title, pledge and support hours."""
    edit = edit_context(request, exam_id, body.version)
    texts = _text(body.title), _text(body.pledge), _text(body.support)
    return setup_out(request, exam_settings.change_texts(request.context, edit, *texts))


@routes.add(
    "PUT",
    EXAM + "/retention",
    tag=Tag.EXAM_SETTINGS,
    roles=ADMIN,
    body=RetentionIn,
    response=ExamSetup,
    errors=(Conflict,),
)
def change_retention(request: ApiRequest, body: RetentionIn, exam_id: str) -> ExamSetup:
    """Change for how many days an exam keeps what it records."""
    days = body.retention
    rule = RetentionRule(**days.model_dump())
    edit = edit_context(request, exam_id, body.version)
    return setup_out(request, exam_settings.change_retention(request.context, edit, rule))


@routes.add(
    "PUT",
    SUBJECT,
    tag=Tag.EXAM_SETTINGS,
    roles=ADMIN,
    body=SubjectIn,
    response=ExamSetup,
    errors=(Conflict,),
)
def change_subject(
    request: ApiRequest, body: SubjectIn, exam_id: str, subject_id: str
) -> ExamSetup:
    """Change a subject's title and times, and the time zone of its exam."""
    form = SubjectForm(
        title=_text(body.title),
        duration=body.duration,
        earliest_submit=body.earliest_submit,
        second_view=body.second_view,
        sign_in_numbers=body.sign_in_numbers,
        windows={
            SittingKind.TRIAL: _times(body.trial),
            SittingKind.OFFICIAL: _times(body.official),
        },
        time_zone=body.time_zone,
    )
    edit = edit_context(request, exam_id, body.version)
    return setup_out(request, exam_settings.change_subject(request.context, edit, subject_id, form))


@routes.add(
    "PUT",
    SUBJECT + "/rules",
    tag=Tag.EXAM_SETTINGS,
    roles=ADMIN,
    body=RulesIn,
    response=ExamSetup,
    errors=(Conflict,),
)
def change_rules(request: ApiRequest, body: RulesIn, exam_id: str, subject_id: str) -> ExamSetup:
    """Choose a subject's rules profile, and override its rules."""
    edit = edit_context(request, exam_id, body.version)
    settings = rule_settings(body.rules)
    exam = exam_settings.change_rules(request.context, edit, subject_id, body.profile, settings)
    return setup_out(request, exam)


@routes.add(
    "PUT",
    SUBJECT + "/lock",
    tag=Tag.EXAM_SETTINGS,
    roles=ADMIN,
    body=PageLockRulesIn,
    response=ExamSetup,
    errors=(Conflict,),
)
def change_page_lock(
    request: ApiRequest, body: PageLockRulesIn, exam_id: str, subject_id: str
) -> ExamSetup:
    """Change a subject's page lock, and its use of Safe Exam Browser."""
    lock, browser = body.lock, body.safe_browser
    exam = exam_settings.change_lock(
        request.context,
        edit_context(request, exam_id, body.version),
        subject_id,
        PageLockRule(lock.on, lock.allowed, lock.then, lock.forgiven),
        SebRule(browser.use, tuple(browser.exam_keys), browser.quit_hash),
    )
    return setup_out(request, exam)


@routes.add(
    "PUT",
    SUBJECT + "/continuity",
    tag=Tag.EXAM_SETTINGS,
    roles=ADMIN,
    body=ContinuityIn,
    response=ExamSetup,
    errors=(Conflict,),
)
def change_continuity(
    request: ApiRequest, body: ContinuityIn, exam_id: str, subject_id: str
) -> ExamSetup:
    """Change what a subject credits for outages, and asks after a change of device."""
    outages = body.outages
    exam = exam_settings.change_continuity(
        request.context,
        edit_context(request, exam_id, body.version),
        subject_id,
        OutageRule(
            outages.min_outage, outages.max_credit, outages.beyond_window, outages.max_percent
        ),
        body.device_change,
    )
    return setup_out(request, exam)


@routes.add(
    "PUT",
    SUBJECT + "/recording",
    tag=Tag.EXAM_SETTINGS,
    roles=ADMIN,
    body=RecordingIn,
    response=ExamSetup,
    errors=(Conflict,),
)
def change_recording(
    request: ApiRequest, body: RecordingIn, exam_id: str, subject_id: str
) -> ExamSetup:
    """Change what a subject records of each track, and how finely."""
    exam = exam_settings.change_recording(
        request.context,
        edit_context(request, exam_id, body.version),
        subject_id,
        body.recording.rule(),
    )
    return setup_out(request, exam)
