"""The local AWS: MiniStack in one process, with the two API Gateway calls it lacks."""
