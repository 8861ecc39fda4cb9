"""Telling people: every change in the sessions table becomes a message to those it concerns."""
