"""Fits of the few numbers that are this project's own, on labelled pictures that stay private.

- ``dark_glasses``: the logistic model of `functions/vision/dark_glasses.py`
- ``drawn_glasses``: glasses, shadows and light drawn on portraits
"""
