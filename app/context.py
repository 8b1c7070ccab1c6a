"""What a view or command needs of the running application: clock, keys, files, settings."""

from datetime import datetime
from typing import cast

from flask import current_app

from app.config import VENDOR, Settings
from permits.print_batch import PrintSettings
from records.file_store import FileStore
from records.keys import KeyStore
from records.sealed import Sealer


def now() -> datetime:
    """Return the present moment, UTC, by the application's clock."""
    return cast(datetime, current_app.extensions["clock"]())


def settings() -> Settings:
    """Return the installation's settings."""
    return cast(Settings, current_app.extensions["settings"])


def keys() -> KeyStore:
    """Return the store of private keys."""
    return cast(KeyStore, current_app.extensions["keys"])


def sealer() -> Sealer:
    """Return what seals and opens personal data."""
    return cast(Sealer, current_app.extensions["sealer"])


def files() -> FileStore:
    """Return the store of handed-in files."""
    return cast(FileStore, current_app.extensions["files"])


def print_settings() -> PrintSettings:
    """Return where print runs of this installation go."""
    here = settings()
    return PrintSettings(
        out=here.home.prints, fonts=VENDOR / "fonts", public_url=here.public_url, keys=keys()
    )
