"""Build the deployment packages of the functions, in stages:

1. `contents` lists the project files of a package and derives its name from their hash.
2. `install` installs the pinned requirements for the target platform.
3. `build` writes a reproducible zip file and caches it under that name.
4. `check` imports the handler from the unpacked package in isolation (by `probe`).

`target` describes the platform: Python version, processor and system.
"""
