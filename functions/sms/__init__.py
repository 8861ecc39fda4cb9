"""Telling candidates their passcodes by text message."""
