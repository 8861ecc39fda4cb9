"""Messages between staff and candidates.

warnings      danmaku warnings that cross the candidate's page, with read receipts
chat          the support chat
calls         voice calls and live video: opening, answering, ending, signalling
ice_servers   STUN and TURN servers for calls
"""
