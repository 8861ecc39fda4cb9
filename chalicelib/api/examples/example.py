"""What an example is."""

from dataclasses import dataclass

from chalicelib.schemas.common import ApiModel


@dataclass(frozen=True, slots=True)
class Example:
    """A response, and the request body that it answers, if the route takes one."""

    response: ApiModel
    request: ApiModel | None = None
