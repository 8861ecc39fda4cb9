"""What one act of a sitting uses of AWS: the measure of what a sitting needs and costs."""

from dataclasses import dataclass

API_MEMORY_GB = 1.0


@dataclass(frozen=True, slots=True)
class Work:
    """What one act uses.

    `table_writes`, `index_writes` and `reads` are DynamoDB's units, `changes` the items that its
    stream tells of, `pushes` the messages that these cause. `seconds` is how long a function of
    `memory_gb` runs.
    """

    table_writes: float
    index_writes: float
    reads: float
    changes: int
    seconds: float
    pushes: int = 0
    memory_gb: float = API_MEMORY_GB
    api_calls: int = 1
    s3_puts: int = 0
    s3_gets: int = 0
    queue_requests: int = 0
