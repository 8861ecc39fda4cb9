"""Collect labelled pictures of volunteers: ``python -m models.collect``, for ``make evaluate``.

A page on this machine alone leads a volunteer through a script before one or two cameras, takes the
pictures and labels them by what was asked.

- ``__main__``: the command; serves the page until it is interrupted
- ``consent``: the form that must be agreed to, and is stored with the pictures
- ``script``: what is asked, for how long, and the labels that follow from it
- ``picture_set``: the folder of a set, with one folder for each volunteer
- ``server``: the local HTTP server; ``page`` holds the page itself
"""
