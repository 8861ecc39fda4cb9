"""Staff accounts: what ends a session, and who may change what."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import BadInput, Conflict, NotFound, NotSignedIn
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.rules.sign_in_throttling import (
    TooManyAttempts,
    key_for_address,
    key_for_number,
)
from chalicelib.domain.types import Role
from chalicelib.services.admin.staff_accounts import (
    OwnAccount,
    StaffForm,
    change_account,
    sign_out_everywhere,
    staff_history,
)
from chalicelib.services.core.access import StaffSessionEnded, get_staff, require_open_session
from chalicelib.services.core.tokens import API_AUDIENCE, SOCKET_AUDIENCE, issue_socket_ticket
from chalicelib.services.ports import Claims
from chalicelib.services.ports.sockets import room_topic, staff_topic
from chalicelib.services.realtime import connect, subscribe_room
from chalicelib.services.sign_in.staff import (
    InvalidStaffCredentials,
    StaffCredentials,
    sign_in_staff,
)
from chalicelib.services.sign_in.staff_password import (
    PasswordChange,
    WeakPassword,
    WrongOldPassword,
    change_password,
)
from tests.support import builders as build
from tests.support.builders import ROOM
from tests.support.fake_context import FakeContext

ADDRESS = "192.0.2.1"
NEW = "a much longer password"


def sign_in(context: FakeContext, username: str = "proctor", password: str = "") -> Claims:
    credentials = StaffCredentials(username, password or f"password of {username}", ADDRESS)
    session = sign_in_staff(context, credentials)
    return context.tokens.read(session.token, API_AUDIENCE, context.clock())


def admin(context: FakeContext) -> Staff:
    return context.registry.staff("admin")


def form(staff: Staff, **changes: Any) -> StaffForm:
    unchanged = StaffForm(staff.version, staff.role, staff.rooms, staff.disabled)
    return replace(unchanged, **changes)


def change(context: FakeContext, username: str = "proctor", **changes: Any) -> Staff:
    staff = context.registry.staff(username)
    return change_account(context, admin(context), username, form(staff, **changes))


class TestSessions:
    @pytest.mark.parametrize(
        "changes", [{"disabled": True}, {"role": Role.SUPPORT}, {"role": Role.ADMIN}]
    )
    def test_new_role_or_status_ends_what_was_signed_in_with(
        self, context: FakeContext, changes: dict[str, Any]
    ) -> None:
        claims = sign_in(context)
        require_open_session(context, claims)
        change(context, **changes)
        for require in (require_open_session, get_staff):
            with pytest.raises(StaffSessionEnded):
                require(context, claims)

    def test_account_that_is_gone_ends_its_sessions(self, context: FakeContext) -> None:
        claims = replace(sign_in(context), subject="gone")
        for require in (require_open_session, get_staff):
            with pytest.raises(StaffSessionEnded):
                require(context, claims)

    def test_rooms_change_without_signing_out(self, context: FakeContext) -> None:
        claims = sign_in(context)
        change(context, rooms=(ROOM, build.OTHER_ROOM))
        assert get_staff(context, claims).rooms == (ROOM, build.OTHER_ROOM)

    def test_disabled_account_cannot_sign_in_until_it_is_enabled(
        self, context: FakeContext
    ) -> None:
        change(context, disabled=True)
        with pytest.raises(InvalidStaffCredentials):
            sign_in(context)
        change(context, disabled=False)
        assert sign_in(context).generation == 3

    def test_signing_out_everywhere_ends_every_session(self, context: FakeContext) -> None:
        claims = sign_in(context)
        sign_out_everywhere(context, context.registry.staff("proctor"), "proctor")
        with pytest.raises(StaffSessionEnded):
            get_staff(context, claims)
        assert get_staff(context, sign_in(context))

    def test_sockets_end_with_the_session(self, context: FakeContext) -> None:
        claims = sign_in(context)
        ticket, _ = issue_socket_ticket(context, claims)
        connect(context, "c1", "https://sockets.test", ticket)
        subscribe_room(context, "c1", ROOM)
        unused, _ = issue_socket_ticket(context, claims)
        change(context, disabled=True)
        assert context.connections.subscribers(room_topic(ROOM)) == []
        assert context.connections.subscribers(staff_topic("proctor")) == []
        assert context.sessions.ended_sockets() == ["c1"]
        with pytest.raises(NotFound):
            subscribe_room(context, "c1", ROOM)
        with pytest.raises(NotSignedIn):
            connect(context, "c2", "https://sockets.test", unused)

    def test_socket_of_a_room_that_was_taken_away_ends(self, context: FakeContext) -> None:
        claims = sign_in(context)
        ticket, _ = issue_socket_ticket(context, claims)
        connect(context, "c1", "https://sockets.test", ticket)
        subscribe_room(context, "c1", ROOM)
        change(context, rooms=(ROOM, build.OTHER_ROOM))
        assert context.sessions.ended_sockets() == []
        change(context, rooms=(build.OTHER_ROOM,))
        assert context.sessions.ended_sockets() == ["c1"]
        assert context.connections.subscribers(room_topic(ROOM)) == []
        assert get_staff(context, claims), "the sign-in holds, and opens another socket"

    def test_socket_that_outlived_its_session_is_refused_and_forgotten(
        self, context: FakeContext
    ) -> None:
        claims = Claims(Role.PROCTOR, "proctor", context.clock() + 1)
        ticket = context.tokens.issue(claims, SOCKET_AUDIENCE)
        connect(context, "c1", "https://sockets.test", ticket)
        staff = context.registry.staff("proctor")
        context.registry.put_staff(replace(staff, generation=2, version=2))
        with pytest.raises(NotSignedIn):
            subscribe_room(context, "c1", ROOM)
        with pytest.raises(NotFound):
            context.connections.get("c1")


class TestChanges:
    def test_changes_are_on_record(self, context: FakeContext) -> None:
        change(context, role=Role.SUPPORT, rooms=())
        sign_out_everywhere(context, admin(context), "proctor")
        history = staff_history(context, "proctor")
        assert [entry.action for entry in history.audit] == ["account_changed", "sessions_ended"]
        assert {entry.actor for entry in history.audit} == {"admin:admin"}
        assert first_break(history.audit) is None
        assert history.staff.role is Role.SUPPORT

    def test_own_role_and_status_are_for_another_admin(self, context: FakeContext) -> None:
        for changes in ({"disabled": True}, {"role": Role.PROCTOR}):
            with pytest.raises(OwnAccount):
                change(context, "admin", **changes)
        assert not admin(context).disabled

    def test_stale_version_and_unknown_room_change_nothing(self, context: FakeContext) -> None:
        with pytest.raises(Conflict):
            change(context, version=7)
        with pytest.raises(BadInput):
            change(context, rooms=("none",))
        assert context.registry.staff("proctor").version == 1


class TestPassword:
    def set_password(self, context: FakeContext, old: str, new: str) -> None:
        change_password(
            context, context.registry.staff("proctor"), PasswordChange(old, new, ADDRESS)
        )

    def test_new_password_ends_every_other_session(self, context: FakeContext) -> None:
        claims = sign_in(context)
        session = change_password(
            context,
            context.registry.staff("proctor"),
            PasswordChange("password of proctor", NEW, ADDRESS),
        )
        own = context.tokens.read(session.token, API_AUDIENCE, context.clock())
        assert get_staff(context, own)
        with pytest.raises(StaffSessionEnded):
            get_staff(context, claims)
        with pytest.raises(InvalidStaffCredentials):
            sign_in(context)
        assert sign_in(context, password=NEW)
        audit = context.registry.audit("staff:proctor")
        assert [entry.action for entry in audit] == ["password_changed"]
        assert NEW not in repr(audit)

    @pytest.mark.parametrize("new", ["short", "proctor", "password of proctor"])
    def test_weak_password_is_refused(self, context: FakeContext, new: str) -> None:
        with pytest.raises(WeakPassword):
            self.set_password(context, "password of proctor", new)
        assert sign_in(context)

    def test_old_password_cannot_be_guessed(self, context: FakeContext) -> None:
        for _ in range(5):
            with pytest.raises(WrongOldPassword):
                self.set_password(context, "a guess", NEW)
        with pytest.raises(TooManyAttempts):
            self.set_password(context, "password of proctor", NEW)

    def test_right_password_forgets_the_persons_failures_and_not_the_addresss(
        self, context: FakeContext
    ) -> None:
        for _ in range(4):
            with pytest.raises(WrongOldPassword):
                self.set_password(context, "a guess", NEW)
        self.set_password(context, "password of proctor", NEW)
        keys = key_for_number("staff", "proctor"), key_for_address(ADDRESS)
        _, attempts = context.sessions.session_with_attempts("none", keys)
        assert [attempts[key.name].failures for key in keys] == [0, 4]
