"""JPEG files that differ in their bytes, as any two pictures of a camera do."""


def taken_anew(picture: bytes, name: str) -> bytes:
    """Return the same picture with other bytes: a comment after its first marker.

    What is no JPEG is returned as it is.
    """
    if not picture.startswith(b"\xff\xd8"):
        return picture
    comment = name.encode()
    segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    return picture[:2] + segment + picture[2:]
