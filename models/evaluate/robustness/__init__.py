"""Robustness sets: how findings change when a program changes the picture, and nothing else."""
