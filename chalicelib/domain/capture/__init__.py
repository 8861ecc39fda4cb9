"""Captures: what a candidate's two cameras are to record, and how the cameras are.

captures          schedules, capture plans with random moments, capture ids
cameras           camera tests of both views, the phone's heartbeat and status
proctor_requests  a proctor's request to show the face or the room, and its captures
"""
