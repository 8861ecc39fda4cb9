"""Accuracy of the vision pipeline: the Lambda's own code on a folder of labelled pictures.

- ``__main__``: the command, ``python -m models.evaluate FOLDER``
- ``scenes``: reads the labels
- ``measure``: runs the pipeline and counts; ``scoring``: figures of merit with intervals
- ``tables``, ``plots``, ``report``: the results as text and as an HTML page
"""
