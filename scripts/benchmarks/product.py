"""The product as it is served, but for the rate limit of a device: one device asks for all here."""

from dataclasses import replace

from app.config import read_settings
from app.factory import create_app

app = create_app(replace(read_settings(), flask={"API_LIMIT": "100000000 per minute"}))
