"""Snapshot → observation: what a picture shows."""
