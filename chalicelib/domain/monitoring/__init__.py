"""Monitoring: from observations of single captures to flags.

monitor_state  what is stored of a session between two captures: streams, open flags, wake-up time
baseline       how a candidate usually looks on a camera, scene and liveness history of a view
recorded_sound whose word counts for speech: the recording's, or the clips'
flags          opening, escalating and closing flags by the rules profile
"""
