"""The doors: the Flask application through which people reach the product."""

from app.factory import create_app

__all__ = ["create_app"]
