"""The domain: the rules of an examination as pure values and functions.

Standard library only; no I/O, and no clock or randomness of its own: both are passed in. Functions
return new values and leave their arguments unchanged. See docs/glossary.md for the terms.

types        times in milliseconds, sitting kinds, views, roles, texts in two languages
errors       every domain error with its HTTP status, code and text
audit        the hash chain of audit entries
passcodes    generating, hashing and verifying passcodes
proportions  intervals of proportions
exams        exams, subjects, candidates, staff, papers, answers and accommodations
rules        what a subject sets: flag rules, page lock, device checks, outages, SEB, throttling
capture      when cameras take pictures, the state of both cameras, proctor requests
identity     the photo verification of a candidate
monitoring   from observations to flags: monitor state, personal baseline, flags
sessions     a candidate's session: states, transitions, the clock
review       incidents, decisions, evidence, access log, integrity of an exported record
messaging    support chat, warnings, calls, ICE servers, passcode SMS

Imports point downwards only, which import-linter checks:
sessions, review → monitoring, messaging, identity → capture, exams → rules → the modules above.
"""
