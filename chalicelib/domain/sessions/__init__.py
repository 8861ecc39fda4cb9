"""A session: one candidate sitting one subject.

sessions       Session and the transitions that change it, each with its audit entry
states         the states, the actions, and the transition table
session_clock  start, pause, resume, extension, outage credit, expiry
session_view   a session with everything that its candidate's page shows
"""
