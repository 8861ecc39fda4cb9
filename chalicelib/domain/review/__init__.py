"""Review: what people decide about flags, and the evidence and logs that support it.

incidents         grouping flags of one behaviour into incidents
reviews           verdicts, second reviews, escalation; a confirmed review is a violation
evidence          captures kept under lock, hashed and named in the audit chain
access_log        who viewed which candidate's pictures, as a hash chain
record_integrity  verifying an exported record with the standard library alone
"""
