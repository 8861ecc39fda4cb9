"""Rooms as the second view sees them, composed by program: a simulation, and told as one."""
