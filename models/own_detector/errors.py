"""Why an institution's detector cannot be used."""


class DetectorRefused(Exception):
    """The detector cannot be used; ``reasons`` are lines for a person."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons
