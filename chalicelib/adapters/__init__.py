"""The world outside, one module for each part of it."""
