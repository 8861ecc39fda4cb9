"""The identity of a candidate.

verification  photo verification: consent, attempts, face comparison, a proctor's decision
"""
