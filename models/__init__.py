"""The models that the functions run: where they come from, and how they are made ready.

``models.toml`` pins every source; ``python -m models build`` fetches and converts them. Nothing
here runs in production: the functions carry only the finished ``*.onnx`` files.
"""
