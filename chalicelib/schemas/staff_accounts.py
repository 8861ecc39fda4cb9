"""Requests and responses of staff accounts."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.domain.types import Role
from chalicelib.schemas.common import ApiModel, Id
from chalicelib.schemas.staff import AuditOut

type Password = Annotated[str, StringConstraints(min_length=1, max_length=200)]
type StaffRole = Literal[Role.ADMIN, Role.PROCTOR, Role.SUPPORT]


class StaffAccountOut(ApiModel):
    """A staff account, as administrators see it."""

    username: str
    display_name: str
    role: Role
    rooms: list[str]
    disabled: bool
    authenticator: bool
    """Whether a one-time code is asked for as well."""
    version: int


class StaffAccountsOut(ApiModel):
    """All staff accounts."""

    staff: list[StaffAccountOut]


class StaffAccountDetail(ApiModel):
    """A staff account with its audit chain."""

    account: StaffAccountOut
    audit: list[AuditOut]


class StaffAccountIn(ApiModel):
    """An account's role, rooms and status; a new role or status ends its sessions."""

    version: Annotated[int, Field(ge=1)]
    role: StaffRole
    rooms: list[Id] = Field(max_length=200)
    disabled: bool


class PasswordIn(ApiModel):
    """A new password of one's own, and the old one."""

    old: Password
    new: Password
