"""What style sheets and scripts say of themselves beside their content."""

from wsgiref.headers import Headers

#: Works for the field pages without a line; it lies with the other scripts, and may serve these pages alone.
_WORKER = "field-worker.js"


def headed(headers: Headers, path: str, url: str) -> None:
    """Called by whitenoise for each file."""
    if url.endswith(f"/{_WORKER}"):
        headers["Service-Worker-Allowed"] = "/field/"
        headers["Cache-Control"] = "no-cache"
