"""Routes by which administrators set exams up: texts, times, rules, lock, passcodes."""

from chalicelib.api.candidates_admin import ADMIN, admin_of
from chalicelib.api.routing import Call, Routes
from chalicelib.domain.errors import NotFound
from chalicelib.domain.exams.exams import Exam
from chalicelib.domain.rules.page_exits import LockRule
from chalicelib.domain.rules.safe_exam_browser import SafeBrowserRule
from chalicelib.domain.types import SittingKind, Text
from chalicelib.schemas.admin import (
    ExamSetup,
    ExamsOut,
    LockRulesIn,
    MailingIn,
    MailingOut,
    PasscodeIn,
    PasscodeOut,
    ProfilesOut,
    RoomChoice,
    RoomChoicesOut,
    RulesIn,
    SubjectIn,
    TextIn,
    TextsIn,
    TimesIn,
    TitleIn,
)
from chalicelib.schemas.common import TextOut
from chalicelib.schemas.serializers.admin import (
    exam_line,
    exam_setup,
    mailing_out,
    profiles_out,
    wanted_in,
)
from chalicelib.services.admin import exam_settings, passcode_sms
from chalicelib.services.admin.exam_settings import Editing, SubjectForm, Times

routes = Routes("chalicelib.api.exam_settings")
EXAM = "/admin/exams/{exam_id}"
SUBJECT = EXAM + "/subjects/{subject_id}"


def _editing(call: Call, exam_id: str, version: int) -> Editing:
    return Editing(admin_of(call), exam_id, version)


def _shown(call: Call, exam: Exam) -> ExamSetup:
    return exam_setup(exam, call.world.clock())


def _text(one: TitleIn | TextIn) -> Text:
    return Text(one.zh, one.en)


def _times(one: TimesIn) -> Times:
    return Times(one.opens_at, one.starts_at, one.ends_at)


@routes.add("GET", "/admin/profiles", roles=ADMIN, answer=ProfilesOut)
def show_profiles(_: Call) -> ProfilesOut:
    """Show the named profiles of rules."""
    return profiles_out()


@routes.add("GET", "/admin/exams", roles=ADMIN, answer=ExamsOut)
def show_exams(call: Call) -> ExamsOut:
    """Show every exam."""
    found = [exam_line(one) for one in call.world.registry.exams()]
    return ExamsOut(exams=found, now=call.world.clock())


@routes.add("GET", EXAM, roles=ADMIN, answer=ExamSetup)
def show_setup(call: Call, exam_id: str) -> ExamSetup:
    """Show an exam to be set up."""
    return _shown(call, call.world.registry.exam_now(exam_id))


@routes.add("GET", EXAM + "/rooms", roles=ADMIN, answer=RoomChoicesOut)
def show_room_choices(call: Call, exam_id: str) -> RoomChoicesOut:
    """Show the rooms of an exam."""
    rooms = [one for one in call.world.registry.rooms() if one.exam_id == exam_id]
    return RoomChoicesOut(
        rooms=[RoomChoice(room_id=one.room_id, name=TextOut.of(one.name)) for one in rooms]
    )


@routes.add("PUT", EXAM, roles=ADMIN, body=TextsIn, answer=ExamSetup)
def change_texts(call: Call, body: TextsIn, exam_id: str) -> ExamSetup:
    """Change an exam's title, pledge and hours of support."""
    editing = _editing(call, exam_id, body.version)
    texts = _text(body.title), _text(body.pledge), _text(body.support)
    return _shown(call, exam_settings.change_texts(call.world, editing, *texts))


@routes.add("PUT", SUBJECT, roles=ADMIN, body=SubjectIn, answer=ExamSetup)
def change_subject(call: Call, body: SubjectIn, exam_id: str, subject_id: str) -> ExamSetup:
    """Change a subject's title and times."""
    form = SubjectForm(
        title=_text(body.title),
        duration=body.duration,
        earliest_submit=body.earliest_submit,
        second_view=body.second_view,
        windows={
            SittingKind.TRIAL: _times(body.trial),
            SittingKind.OFFICIAL: _times(body.official),
        },
    )
    editing = _editing(call, exam_id, body.version)
    return _shown(call, exam_settings.change_subject(call.world, editing, subject_id, form))


@routes.add("PUT", SUBJECT + "/rules", roles=ADMIN, body=RulesIn, answer=ExamSetup)
def change_rules(call: Call, body: RulesIn, exam_id: str, subject_id: str) -> ExamSetup:
    """Choose a subject's profile of rules, and adjust it."""
    editing = _editing(call, exam_id, body.version)
    wanted = wanted_in(body.rules)
    exam = exam_settings.change_rules(call.world, editing, subject_id, body.profile, wanted)
    return _shown(call, exam)


@routes.add("PUT", SUBJECT + "/lock", roles=ADMIN, body=LockRulesIn, answer=ExamSetup)
def change_lock(call: Call, body: LockRulesIn, exam_id: str, subject_id: str) -> ExamSetup:
    """Change how a subject holds the screen, and what it asks of Safe Exam Browser."""
    lock, browser = body.lock, body.safe_browser
    exam = exam_settings.change_lock(
        call.world,
        _editing(call, exam_id, body.version),
        subject_id,
        LockRule(lock.on, lock.allowed, lock.then, lock.forgiven),
        SafeBrowserRule(browser.use, tuple(browser.exam_keys), browser.quit_hash),
    )
    return _shown(call, exam)


@routes.add("POST", SUBJECT + "/passcodes", roles=ADMIN, body=PasscodeIn, answer=PasscodeOut)
def new_passcode(call: Call, body: PasscodeIn, exam_id: str, subject_id: str) -> PasscodeOut:
    """Make a new passcode for a sitting, shown this once."""
    editing = _editing(call, exam_id, body.version)
    exam, passcode = exam_settings.new_passcode(call.world, editing, subject_id, body.kind)
    return PasscodeOut(passcode=passcode, exam=_shown(call, exam))


@routes.add("POST", SUBJECT + "/mailings", roles=ADMIN, body=MailingIn, answer=MailingOut)
def send_passcode(call: Call, body: MailingIn, exam_id: str, subject_id: str) -> MailingOut:
    """Send a sitting's passcode to everybody of the subject by text message."""
    wanted = passcode_sms.Wanted(exam_id, subject_id, body.kind, body.language, again=body.again)
    passcode_sms.start(call.world, admin_of(call), wanted)
    return _progress(call, exam_id, subject_id, body.kind)


@routes.add("GET", SUBJECT + "/mailings/{kind}", roles=ADMIN, answer=MailingOut)
def show_mailing(call: Call, exam_id: str, subject_id: str, kind: str) -> MailingOut:
    """Show how far sending a sitting's passcode is."""
    if kind not in set(SittingKind):
        raise NotFound
    return _progress(call, exam_id, subject_id, SittingKind(kind))


def _progress(call: Call, exam_id: str, subject_id: str, kind: SittingKind) -> MailingOut:
    done = passcode_sms.progress(call.world, exam_id, subject_id, kind)
    return mailing_out(done.mailing, done.counts, done.failures, call.world.clock())
