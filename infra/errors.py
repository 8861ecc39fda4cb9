"""Errors of the commands.

InfraError
  ├── PortInUse           another program listens on the local AWS's port; exit code 2
  ├── StackFailed         a CloudFormation operation failed; carries the reasons
  └── IncompletePackage   a function package lacks an import, or is too large
"""

from __future__ import annotations


class InfraError(Exception):
    """An error that the user can act on, in one line; `code` is the command's exit code."""

    code = 1


class PortInUse(InfraError):
    """Another program is listening on the port."""

    code = 2


class StackFailed(InfraError):
    """The stack could not be created, updated or deleted."""


class IncompletePackage(InfraError):
    """A package would fail on Lambda: a missing import, or larger than the limit."""
