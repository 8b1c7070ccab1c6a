"""Messages of cameras: the samples, and any of them inside multipart as cameras send pictures."""

from __future__ import annotations

from pathlib import Path

SAMPLES = Path(__file__).parent / "samples"

PICTURE = b"\xff\xd8\xff\xe0 a picture \x00\r\n--not-the-boundary\r\n"
BOUNDARY = "boundary"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"


def sample(name: str) -> bytes:
    """Return a sample message."""
    return (SAMPLES / name).read_bytes()


def among_pictures(name: str, content: bytes, content_type: str | None = "text/xml") -> bytes:
    """Return a multipart message: the data as a part with a name, and two pictures.

    Without a content type the part is a plain form field, as Plate Recognizer sends it.
    """
    head = f'Content-Disposition: form-data; name="{name}"'
    if content_type:
        head += f'; filename="{name}"\r\nContent-Type: {content_type}'
    parts = [f"{head}\r\n\r\n".encode() + content]
    for picture in ("licensePlatePicture.jpg", "detectionPicture.jpg"):
        head = f'Content-Disposition: form-data; name="{picture}"; filename="{picture}"'
        parts.append(f"{head}\r\nContent-Type: image/jpeg\r\n\r\n".encode() + PICTURE)
    edge = f"--{BOUNDARY}".encode()
    return b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"
