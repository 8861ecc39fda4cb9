"""Passcode job → text messages to candidates; ``handler`` is the Lambda behind the queue."""
