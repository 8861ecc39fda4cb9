"""The one place that reads the environment and builds the world from it."""
