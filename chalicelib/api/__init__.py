"""The HTTP routes, one module per actor, each a line per handler over the use cases."""
