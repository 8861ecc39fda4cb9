"""Use cases: functions that take a context of ports, apply the domain's rules and persist.

ports        what the use cases need from outside: stores, buckets, tokens, queues, the clock
core         shared by the others: access, tokens, upload forms, submission, audit entries
messaging    support chat, warnings, calls and ICE servers
monitoring   capture plans, observations, flags, page exits and the scheduler
identity     identity verification
sitting      check-in, device checks, camera tests and answers
sign_in      candidates, staff, phones and Safe Exam Browser; throttling
proctoring   what proctors do with a session, and the access log
review       incidents, decisions, evidence and exported records
admin        exam settings, candidates, enrolment, exam files and passcodes by SMS
realtime     sockets and their topics

Each package uses those above it only (`lint-imports` holds it).
"""
