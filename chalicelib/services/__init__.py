"""Use cases: what people and data do, each a function that gets the world it acts in."""
