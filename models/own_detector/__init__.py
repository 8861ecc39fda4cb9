"""The slot for an institution's own detector: ``python -m models add`` and ``remove``.

- ``network``: what a network file may be: size, operators, no other files
- ``trial``: runs it once in a process of its own, bounded in time and memory, and measures it
- ``slot``: puts description and network into ``models/own``, checks and removes them
"""
