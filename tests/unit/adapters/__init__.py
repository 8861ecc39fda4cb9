"""Adapters alone, without AWS."""
