"""Examples of requests and responses for the most used routes, as the API description shows them.

They are instances of the schemas, so that one that no longer matches cannot be written.

- `example`      what an example is
- `values`       the people, moments and addresses that they share
- `candidate`    the exam page: sign-in, session, answer, submission, captures
- `recordings`   the exam page: what is recorded, and a plan of segments
- `staff`        the console: sign-in, room, session detail, warning
- `review`       the console: a decision on an incident
"""

from chalicelib.api.examples import candidate, recordings, review, staff
from chalicelib.api.examples.example import Example

EXAMPLES: dict[str, Example] = {
    **candidate.EXAMPLES,
    **recordings.EXAMPLES,
    **staff.EXAMPLES,
    **review.EXAMPLES,
}
"""By the name of the route's operation."""
