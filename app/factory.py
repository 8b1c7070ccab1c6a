"""Making the application: settings in, Flask application out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    accounts,
    api,
    commands,
    daily,  # noqa: F401 - its schedule is known to the consumer once it is imported
    errors,
    guard,
    inside_pages,
    languages,
    ledger_pages,
    look,
    mailing,
    map_pages,
    message_pages,
    move_pages,
    numbers,
    office,
    own_spaces,
    papers,
    permit_desk,
    plan_pages,
    progress,
    public,
    reports,
    representative,
    request_pages,
    security,
    service_worker,
    set_up,
    signing_in,
    sync,
    transactions,
    visits,
    waiting,
    warning_pages,
    watch,
    webhook_calls,
)
from app.config import Settings, read_settings
from app.extensions import babel, csrf, db, limiter, login_manager
from app.requests import CleanRequest
from app.transactions import ReadOnlyRequests
from app.tries import ProcessMemory
from permits.reading import MAX_FILE_BYTES
from records.database import prepare_engine
from records.file_store import FileStore
from records.keys import KeyStore
from records.sealed import Sealer
from records.sign_ins import LASTS

BLUEPRINTS = (
    public.blueprint,
    watch.blueprint,
    accounts.blueprint,
    representative.blueprint,
    office.blueprint,
    own_spaces.blueprint,
    permit_desk.blueprint,
    progress.blueprint,
    guard.blueprint,
    service_worker.blueprint,
    sync.blueprint,
    visits.blueprint,
    inside_pages.blueprint,
    numbers.blueprint,
    reports.blueprint,
    waiting.blueprint,
    warning_pages.blueprint,
    request_pages.blueprint,
    move_pages.blueprint,
    map_pages.blueprint,
    plan_pages.blueprint,
    papers.blueprint,
    ledger_pages.blueprint,
    message_pages.blueprint,
    set_up.blueprint,
)


class BlockingFlask(Flask):
    """Flask without coroutines, of which there are none here: it looks for them at every call."""

    request_class = CleanRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, which is an ordinary one."""
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for some settings, by default those of the environment."""
    settings = settings or read_settings()
    app = BlockingFlask(__name__.partition(".")[0])
    app.config.from_mapping(_flask_settings(settings))
    keys = KeyStore(settings.home.keys)
    app.extensions["settings"] = settings
    app.extensions["keys"] = keys
    app.extensions["sealer"] = Sealer(keys.sealing_key())
    app.extensions["files"] = FileStore(settings.home.files)
    app.extensions["clock"] = lambda: datetime.now(UTC)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    transactions.init_app(app)
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    signing_in.init_app(app)
    babel.init_app(app, locale_selector=languages.chosen_language)
    security.init_app(app, settings)
    errors.init_app(app)
    look.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.init_app(app)
    webhook_calls.init_app(app)
    mailing.init_app(app)
    commands.init_app(app)
    _refuse_views_without_rights(app)
    app.wsgi_app = ReadOnlyRequests(app.wsgi_app)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    return app


def _flask_settings(settings: Settings) -> dict[str, Any]:
    settings.home.folder.mkdir(parents=True, exist_ok=True)
    # Databases are made in it with the process's own file mode.
    settings.home.folder.chmod(0o700)
    return {
        "SECRET_KEY": settings.home.session_secret(),
        # What is bound holds plates and names, and errors are logged.
        "SQLALCHEMY_ENGINES": {"default": {"url": settings.database_url, "hide_parameters": True}},
        "MAX_CONTENT_LENGTH": MAX_FILE_BYTES + 64 * 1024,
        # A pasted list of the longest length, in Chinese, and then says so at its field.
        "MAX_FORM_MEMORY_SIZE": 4 * representative.LONGEST_PASTE,
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.is_https,
        "PERMANENT_SESSION_LIFETIME": LASTS,
        # An answer that is under way while somebody signs out would sign him in again.
        "SESSION_REFRESH_EACH_REQUEST": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "zh",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "RATELIMIT_STORAGE_URI": settings.redis_url or ProcessMemory.URI,
        "RATELIMIT_HEADERS_ENABLED": False,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(hours=1),
        **settings.flask,
    }


def _refuse_views_without_rights(app: Flask) -> None:
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not hasattr(view, "needed_right"):
            raise RuntimeError(f"{endpoint} says neither which right it needs nor that it is open")
