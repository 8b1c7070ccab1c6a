"""The Flask extensions, each made once and bound to an application by the factory."""

from inspect import iscoroutinefunction

from flask import Flask
from flask.sansio.app import App
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_sqlalchemy_lite import SQLAlchemy
from flask_talisman import Talisman
from flask_wtf import CSRFProtect


class BlockingSQLAlchemy(SQLAlchemy):
    """Sessions without those for coroutines, of which there are none here.

    To close them starts an event loop in a thread of its own at the end of every request.
    """

    def init_app(self, app: App) -> None:
        """Bind the sessions to an application."""
        super().init_app(app)
        if isinstance(app, Flask):
            app.teardown_appcontext_funcs[:] = [
                one for one in app.teardown_appcontext_funcs if not iscoroutinefunction(one)
            ]


db = BlockingSQLAlchemy()
babel = Babel()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address)
login_manager = LoginManager()
talisman = Talisman()
