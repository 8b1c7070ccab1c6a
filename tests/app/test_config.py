import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.config import ROOT, Home, WrongSetting, read_settings

pytestmark = pytest.mark.anywhere


def test_without_any_variable_everything_is_in_the_projects_folder():
    settings = read_settings({})
    assert settings.home.folder == ROOT / "instance"
    assert settings.database_url == f"sqlite:///{ROOT / 'instance' / 'parking.db'}"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert not settings.is_https


def test_the_public_address_follows_the_port_and_ends_without_a_slash():
    assert read_settings({"PORT": "9000"}).public_url == "http://127.0.0.1:9000"
    assert read_settings({"PUBLIC_URL": "https://p.example/"}).public_url == "https://p.example"
    assert read_settings({"PUBLIC_URL": "HTTPS://P.EXAMPLE"}).is_https


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_any_postgresql_address_is_spoken_to_by_psycopg(scheme):
    settings = read_settings({"DATABASE_URL": f"{scheme}://me@db/parking"})
    assert settings.database_url == "postgresql+psycopg://me@db/parking"


@pytest.mark.parametrize("text", ["one", "-1", "1.5"])
def test_a_setting_that_cannot_be_is_named(text):
    with pytest.raises(WrongSetting, match=r"TRUSTED_PROXIES.*whole number"):
        read_settings({"TRUSTED_PROXIES": text})


def test_the_home_is_where_the_environment_says(tmp_path):
    home = read_settings({"PARKING_HOME": str(tmp_path)}).home
    names = ("database", "keys", "files", "prints", "jobs", "demo_sign_ins", "sample_list")
    assert {getattr(home, name).parent for name in names} == {tmp_path}


def test_the_session_secret_is_made_once_and_for_its_owner_only(tmp_path):
    home = Home(tmp_path)
    secret = home.session_secret()
    assert len(bytes.fromhex(secret)) >= 32
    assert home.session_secret() == secret
    [path] = home.keys.iterdir()
    assert path.stat().st_mode & 0o077 == 0


def test_processes_that_start_together_share_one_session_secret(tmp_path):
    home = Home(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        secrets = set(threads.map(lambda _: home.session_secret(), range(8)))
    assert len(secrets) == 1
    assert os.listdir(home.keys) == [Path("session.key").name]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtps://me%40x.cn:a%3Ab@mail.x.cn", ("mail.x.cn", 465, "smtps", "me@x.cn", "a:b")),
        ("smtp://mail.x.cn", ("mail.x.cn", 587, "smtp", "", "")),
        ("smtp+plain://127.0.0.1:2525", ("127.0.0.1", 2525, "smtp+plain", "", "")),
    ],
)
def test_a_mail_server_is_read_from_one_address(url, expected):
    smtp = read_settings({"SMTP_URL": url, "SMTP_FROM": "parking@x.cn"}).smtp
    assert (smtp.host, smtp.port, smtp.safety, smtp.user, smtp.password) == expected
    assert "a:b" not in repr(smtp)


@pytest.mark.parametrize(
    ("url", "sender", "named"),
    [
        ("mail.x.cn", "parking@x.cn", "SMTP_URL"),
        ("smtp://", "parking@x.cn", "SMTP_URL"),
        ("smtp://mail.x.cn:port", "parking@x.cn", "SMTP_URL"),
        ("smtp://mail.x.cn", "", "SMTP_FROM"),
        ("smtp://mail.x.cn", "a@x.cn\nBcc: b@x.cn", "SMTP_FROM"),
    ],
)
def test_a_mail_server_that_cannot_be_is_named(url, sender, named):
    with pytest.raises(WrongSetting, match=named):
        read_settings({"SMTP_URL": url, "SMTP_FROM": sender})
