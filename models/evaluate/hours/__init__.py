"""Twelve simulated hours: what is found within 15 and 30 seconds, and what is flagged falsely."""
