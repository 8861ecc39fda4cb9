"""Messages between candidates and staff.

chats         the support chat of a session
danmaku       warnings that cross the candidate's page, with a read receipt
calls         voice calls and live video over WebRTC: ringing, limits, signals
ice           STUN and TURN servers with short-lived credentials
transcript    chat messages and warnings as an exported record attests them
passcode_sms  sending a passcode to all candidates of a subject by text message
"""
