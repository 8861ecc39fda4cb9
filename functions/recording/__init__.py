"""Segment of a recording → its record and its entry in the recording chain.

- ``handler``: the Lambda behind the recording queue
- ``inspection``: what a segment's container says: streams, duration, silence; nothing is re-encoded
- ``isolation``: runs the inspection in a process of its own, bounded in time and memory
- ``worker``: that process
"""
