"""What the commands say when they cannot go on.

InfraError
  ├── BusyPort      the port of the local AWS is taken; exit code 2
  ├── StackFailed   CloudFormation refused; carries its events
  └── Incomplete    a function package lacks something it imports
"""

from __future__ import annotations


class InfraError(Exception):
    """A reason a person can act on, in one line; `code` is the command's exit code."""

    code = 1


class PortInUse(InfraError):
    """Another program listens on the port."""

    code = 2


class StackFailed(InfraError):
    """The stack could not be brought to the template."""


class IncompletePackage(InfraError):
    """A package would fail to import on Lambda."""
