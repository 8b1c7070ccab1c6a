import json
import stat
import zipfile

import pytest

from app.config import Home, Settings
from app.factory import create_app
from records.people import Role
from tests.app.commands.conftest import document_of
from tests.factories import make_user, make_vehicle


@pytest.fixture
def receiver(tmp_path):
    """Run a command of another installation, which was never used."""
    home = Home(tmp_path / "receiver")
    app = create_app(Settings(home, f"sqlite:///{home.database}"))
    return lambda *arguments: app.test_cli_runner().invoke(args=[*map(str, arguments)])


@pytest.fixture
def town_with_people(town, session):
    make_user(session, town.community, Role.ADMINISTRATOR, name="chief")
    make_vehicle(session, town.compound("A"), "粤E12345", owner="陈伟")
    session.commit()
    return town


def test_a_handover_with_people_goes_into_a_new_installation(
    answer, receiver, refusal, town_with_people, tmp_path
):
    path, secret = tmp_path / "handover.zip", tmp_path / "passphrase"
    made = answer("handover", "export", path, "--with-people", "--passphrase-file", secret)
    for private in (path, secret):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600

    locked = receiver("handover", "import", path, "--json")
    assert (locked.exit_code, document_of(locked)["error"]) == (1, "handover_wrong_passphrase")
    taken = receiver("handover", "import", path, "--passphrase-file", secret, "--json")
    assert taken.exit_code == 0, taken.output
    taken_in = document_of(taken)
    assert {key: taken_in[key] for key in ("people", "entries", "head", "rows")} == {
        key: made[key] for key in ("people", "entries", "head", "rows")
    }
    assert (made["rows"]["vehicles"], taken_in["user"]) == (1, "chief")

    verified = document_of(receiver("ledger", "verify", "--json"))
    assert (verified["entries"], verified["head"]) == (made["entries"], made["head"])
    again = receiver("handover", "import", path, "--passphrase-file", secret, "--json")
    assert document_of(again)["error"] == "installation_not_empty"


def test_the_receiver_goes_on_with_a_key_of_its_own(answer, receiver, town_with_people, tmp_path):
    path = tmp_path / "handover.zip"
    answer("handover", "export", path)
    receiver("handover", "import", path)
    assert document_of(receiver("permits", "issue", "--json"))["error"] == "key_missing"
    assert document_of(receiver("keys", "rotate", "--json"))["id"] == 2
    assert document_of(receiver("ledger", "sign", "--json"))["key"] == 2


def test_a_handover_without_people_is_an_ordinary_zip_with_a_manifest(
    answer, town_with_people, tmp_path
):
    made = answer("handover", "export", tmp_path / "handover.zip")
    with zipfile.ZipFile(tmp_path / "handover.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert manifest["parts"].keys() == set(archive.namelist()) - {"manifest.json"}
        readme = archive.read("README.zh-CN.md").decode()
    assert (manifest["head"]["hash"], manifest["with_people"]) == (made["head"], False)
    assert made["head"] in readme


@pytest.mark.parametrize("arguments", [["--with-people"], ["--passphrase-file", "p"]])
def test_people_and_a_passphrase_go_together(refusal, town, tmp_path, arguments):
    status, document = refusal("handover", "export", tmp_path / "handover.zip", *arguments)
    assert (status, document["error"]) == (2, "wrong_usage")
    assert not (tmp_path / "handover.zip").exists()


def test_a_short_passphrase_is_refused_and_nothing_is_entered(answer, refusal, town, tmp_path):
    entries = answer("ledger", "verify")["entries"]
    (tmp_path / "p").write_text("short\n")
    arguments = tmp_path / "handover.zip", "--with-people", "--passphrase-file", tmp_path / "p"
    status, document = refusal("handover", "export", *arguments)
    assert (status, document["error"]) == (1, "passphrase_too_short")
    assert answer("ledger", "verify")["entries"] == entries
