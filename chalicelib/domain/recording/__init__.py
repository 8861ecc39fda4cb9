"""Recordings (录像): what an exam records in segments (分段), of which tracks, and for whom.

recording_rule    what a subject records, in which quality
arrivals          what was read of a segment that arrived, and what is wrong with it
segments          a segment, its id, its place in the bucket, what was found in it
recording_log     the segments that arrived, as a hash chain of their own
recording_plans   which segments a device records next
heard_sound       a segment's sound on its way to the speech model
recording_costs   what recordings cost in a candidate-hour
recording_gaps    why nothing was recorded, as the device tells it

What is recorded of one session, by rule and consent, is `sessions.recorded_tracks`.
"""
