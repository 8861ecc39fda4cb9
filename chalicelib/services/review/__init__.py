"""Review after the exam: decisions on incidents, evidence, and exported records.

decisions       the review queue of a room, first and second decisions, violations
evidence        captures and live screenshots, locked and audited
record_export   everything about a session, for an appeal or an archive
"""
