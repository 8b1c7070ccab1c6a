"""Headers and limits that hold for every page."""

from __future__ import annotations

from flask import Flask, Response, request

from app.config import Settings
from app.extensions import talisman

CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "script-src": ["'self'", "'wasm-unsafe-eval'"],
    "style-src": "'self'",
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'", "blob:", "mediastream:"],
    "worker-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""No inline script or style anywhere; `wasm-unsafe-eval` lets the barcode reader compile."""

ASSETS = ("static", "service_worker.asset")
"""Endpoints of files that anybody may keep."""

REVALIDATED = ("public.board",)
"""Endpoints that a browser may keep for a visitor, but asks about each time."""

PERMISSIONS_POLICY = {"camera": "(self)", "geolocation": "()", "microphone": "()"}


def init_app(app: Flask, settings: Settings) -> None:
    """Give every answer of the application its security headers."""
    talisman.init_app(
        app,
        force_https=False,
        strict_transport_security=settings.is_https,
        content_security_policy=CONTENT_SECURITY_POLICY,
        permissions_policy=PERMISSIONS_POLICY,
        referrer_policy="same-origin",
        session_cookie_secure=settings.is_https,
        frame_options="DENY",
    )

    @app.after_request
    def keep_everything_but_assets_out_of_caches(response: Response) -> Response:
        # Pages, lists and printed permits hold plates: a desk is shared, and so is a proxy.
        is_kept = request.endpoint in REVALIDATED and response.cache_control.private
        if request.endpoint not in ASSETS and not is_kept:
            response.headers["Cache-Control"] = "no-store"
        return response
