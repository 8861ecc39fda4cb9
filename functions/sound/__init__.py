"""Sound clip → observation: whether somebody speaks."""
