"""What a proctor does with a session.

session_control   reading it in detail, pausing, resuming, extending and terminating it
requests          asking the candidate to show the face or the room
access_log        recording who viewed whose pictures
"""
