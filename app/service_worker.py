"""What keeps the guard's pages on the phone: the service worker, and the files that it keeps."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, send_file, url_for

from app.rights import open_to_all

blueprint = Blueprint("service_worker", __name__, url_prefix="/gate")

SCRIPT = "js/service-worker.js"

FILES = (
    "icon.svg",
    "css/gate.css",
    "css/look.css",
    "css/permit-colours.css",
    "js/*.js",
    "vendor/bootstrap/bootstrap.min.css",
    "vendor/idb/index.js",
    "vendor/zxing/*.js",
    "vendor/zxing/reader/*.js",
    "vendor/zxing/reader/*.wasm",
)
"""What the guard's pages are made of, as patterns in the static folder."""

PAGES = ("guard.gate", "guard.patrol")
"""Endpoints of the pages that work without a network; the first stands in for all others."""

VERSION_HEADER = "X-Gate-Version"
"""Names the version of the files that a page was made for."""

_FOR_GOOD = "public, max-age=31536000, immutable"

DIGITS = 16
"""Hexadecimal digits of a digest that are written."""


def kept_files() -> dict[str, str]:
    """Return the digest of each file that is kept on a phone, by its path in the static folder."""
    folder = Path(current_app.static_folder or "")
    found = {path for pattern in FILES for path in folder.glob(pattern)} - {folder / SCRIPT}
    return {
        path.relative_to(folder).as_posix(): _digest(path, path.stat().st_mtime_ns)
        for path in sorted(found)
    }


@lru_cache(maxsize=1024)
def _digest(path: Path, _changed_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]


def version() -> str:
    """Return the version of the guard's pages: it changes with the content of any kept file."""
    listed = "".join(f"{digest} {path}\n" for path, digest in kept_files().items())
    return hashlib.sha256(listed.encode()).hexdigest()[:DIGITS]


@blueprint.app_template_global()
def gate_asset(path: str) -> str:
    """Return the address of a file for a page that works without a network.

    It holds the version, and so do the addresses of the modules that a module imports: a page
    never gets files of two versions.
    """
    return url_for("service_worker.asset", wanted=version(), path=path)


@blueprint.get("/assets/<wanted>/<path:path>")
@open_to_all
def asset(wanted: str, path: str) -> Response:
    """Send a file that is kept; to a page of another version it is lent for this once."""
    if path not in kept_files():
        abort(404)
    response = send_file(Path(current_app.static_folder or "") / path, conditional=False)
    is_present = wanted == version()
    response.headers["Cache-Control"] = _FOR_GOOD if is_present else "no-store"
    return response


@blueprint.get("/service-worker.js")
@open_to_all
def script() -> Response:
    """Send the service worker's script, with the version and the files that it keeps."""
    text = (Path(current_app.static_folder or "") / SCRIPT).read_text(encoding="utf-8")
    kept = json.dumps(_kept(), sort_keys=True)
    return Response(f"self.kept = {kept};\n{text}", mimetype="text/javascript")


def _kept() -> dict[str, Any]:
    files = kept_files()
    any_asset = url_for("service_worker.asset", wanted="-", path="-")
    return {
        "version": version(),
        "files": files,
        "pages": [url_for(endpoint) for endpoint in PAGES],
        "assets": any_asset.removesuffix("-/-"),
        "addresses": _addresses(files),
        "versionHeader": VERSION_HEADER,
    }


def _addresses(files: dict[str, str]) -> dict[str, str]:
    """Return the files by the addresses that `static` gives them, with and without a stamp."""
    stamped = {url_for("static", filename=path): path for path in files}
    return stamped | {address.partition("?")[0]: path for address, path in stamped.items()}
