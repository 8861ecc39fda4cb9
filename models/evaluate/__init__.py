"""Accuracy of the vision pipeline: the Lambda's own code on a folder of labelled pictures.

- ``__main__``: the command, ``python -m models.evaluate FOLDER``
- ``scenes``: reads the labels; ``grouping``: which pictures are of one person or video
- ``measure``: runs the pipeline and counts; ``scoring``: figures of merit with intervals
- ``claims``: what the product claims, beside the goals, by view
- ``simulated``: the parts that a program makes of the folder's pictures
    - ``rooms``: rooms as the second view sees them (also ``python -m models.evaluate.rooms``)
    - ``robustness``: how findings change when a program changes the picture
    - ``hours``: twelve hours through the rules over time (``watch``), for each profile
- ``tables``, ``plots``, ``report``: the results as text and as an HTML page
"""
