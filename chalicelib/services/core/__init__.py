"""What the other packages of services share.

access            which rooms and sessions a staff member may see, and names for the audit chain
session_access    reading a session for its candidate, and changing it with an audit entry
audit_trail       several audit entries in one change of a session
capture_uploads   upload forms of pictures and clips
submission        ending a session with a receipt over its answers
tokens            API tokens and socket tickets
"""
