"""The functions' deployment packages, in stages:

1. `contents` says which files of the project go in, and names the package by their hash.
2. `install` puts the pinned requirements into a folder, for the target's platform.
3. `build` writes the zip, the same bytes for the same content, and caches it by that name.
4. `check` unpacks it and imports the handler with nothing else at hand.
"""
