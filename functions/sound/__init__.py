"""Sound clip, or the sound of a segment → observation: does somebody speak?

- ``handler``: the Lambda behind the sound queue
- ``speech``: voice activity detection
- ``wav_decoding``: bounded decoding of untrusted WAV files
"""
