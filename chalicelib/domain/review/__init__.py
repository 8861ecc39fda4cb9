"""Review: what people decide about flags, and the evidence and logs that support it.

incidents         grouping flags of one behaviour into incidents
reviews           verdicts, second reviews, escalation; a confirmed review is a violation
evidence          captures kept under lock, hashed and named in the audit chain
access_log        who viewed which candidate's pictures, as a hash chain
deletion          what is deleted on its day, holds, and receipts of deletion
deletion_receipts verifying those receipts in an exported record
record_integrity  verifying an exported record with the standard library alone
"""
