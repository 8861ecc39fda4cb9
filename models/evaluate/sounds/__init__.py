"""Sounds of an examination room, made by program, through the speech model and the standard rules.

noises      what is no speech: silence, typing, fan, music, knocks
voices      sentences by eSpeak NG: a voice, a whisper, two voices
room        distance, echo and the room's own noise
scenes      a scene of two minutes for each class, distance and seed
measure     what the model and the rules say of a scene
tables      the results

Everything is seeded. It is simulated: a synthesised voice is no person's, and an echo of noise no
room's; no limit is chosen on it. ``python -m models.evaluate.sounds`` prints the tables.
"""
