"""Trying to get in: whoever fails too often waits, and nobody learns what is behind a door.

Every way in is the same: read the doors, refuse while one has to wait, compare, and then either
count a failure or write the success over the count that was read. So of many tries sent at once
no more get an answer than the limit lets through: the others meet a count that has grown.
"""

from collections.abc import Iterable, Mapping

from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.rules.sign_in_throttling import Door, Tries, check_wait, wait_at
from chalicelib.domain.types import Millis
from chalicelib.services.ports import Sessions, World

type Known = Mapping[str, Tries]


def check_doors(doors: Iterable[Door], known: Known, now: Millis) -> None:
    """Raise TooManyTries where one has to wait at a door."""
    check_wait(max(wait_at(known[one.name], one.limit, now) for one in doors))


def failed(
    world: World, doors: Iterable[Door], known: Known, now: Millis, refusal: type[NotSignedIn]
) -> NotSignedIn:
    """Count a failure at each door and return the refusal to raise. Raises TooManyTries.

    A try that came beside others, and would have had to wait after them, is told to wait: it
    does not learn whether it was right.
    """
    waits = [_wait_beside_others(world.sessions, one, known[one.name], now) for one in doors]
    check_wait(max(waits))
    return refusal()


def _wait_beside_others(sessions: Sessions, door: Door, known: Tries, now: Millis) -> Millis:
    before = sessions.count_failure(door, now).failures - 1
    if before in {known.failures, 0}:
        return 0
    return wait_at(Tries(door.name, before, now), door.limit, now)
