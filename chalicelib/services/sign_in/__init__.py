"""Sign-in: each kind of caller gets a token, and failed attempts are throttled.

attempts            counting failed attempts and requiring waits
candidate           by ID or admission number and passcode; opens or resumes the session
staff               by password and one-time code
phone_pairing       by a join code and both numbers; heartbeats of the phone
safe_exam_browser   the proof that a device runs Safe Exam Browser
"""
