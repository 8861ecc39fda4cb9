"""Infrastructure: the template, the function packages, and `python -m infra <command>`."""
