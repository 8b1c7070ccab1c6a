import os
import stat
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from records.keys import (
    SEALING_KEY_BYTES,
    KeyDamaged,
    KeyExists,
    KeyMissing,
    KeyStore,
    KeyTooOpen,
    load_public,
    public_pem,
)

pytestmark = pytest.mark.anywhere


@pytest.fixture
def store(tmp_path):
    return KeyStore(tmp_path / "keys")


def modes(store):
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in store.folder.iterdir()}


def test_private_keys_are_files_that_only_their_owner_reads(store):
    store.create(1)
    store.sealing_key()
    assert modes(store) == {"signing-1.pem": 0o600, "sealing.key": 0o600}


def test_a_process_that_hides_nothing_still_makes_files_for_the_owner_only(store):
    before = os.umask(0)
    try:
        store.create(1)
    finally:
        os.umask(before)
    assert modes(store) == {"signing-1.pem": 0o600}
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_the_private_key_is_the_public_ones_other_half(store):
    public = store.create(1)
    again = KeyStore(store.folder).private(1)
    assert public_pem(again.public_key()) == public_pem(public)


def test_a_key_is_never_overwritten(store):
    first = store.create(1)
    with pytest.raises(KeyExists) as exists:
        store.create(1)
    assert exists.value.facts == {"file": "signing-1.pem"}
    assert public_pem(KeyStore(store.folder).private(1).public_key()) == public_pem(first)
    assert list(modes(store)) == ["signing-1.pem"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o610])
def test_a_key_file_that_others_can_open_is_refused(store, mode):
    store.create(1)
    (store.folder / "signing-1.pem").chmod(mode)
    with pytest.raises(KeyTooOpen) as too_open:
        KeyStore(store.folder).private(1)
    assert too_open.value.facts["mode"] == f"{mode:04o}"


def test_a_sealing_key_that_others_can_open_is_refused(store):
    store.sealing_key()
    (store.folder / "sealing.key").chmod(0o644)
    with pytest.raises(KeyTooOpen):
        store.sealing_key()


def test_a_missing_key_is_named(store):
    with pytest.raises(KeyMissing) as missing:
        store.private(3)
    assert missing.value.facts == {"file": "signing-3.pem"}


@pytest.mark.parametrize("content", [b"", b"no key", b"\x00" * 31])
def test_a_damaged_key_is_named(store, content):
    store.create(1)
    store.sealing_key()
    for name, ask in (
        ("signing-1.pem", lambda one: one.private(1)),
        ("sealing.key", KeyStore.sealing_key),
    ):
        (store.folder / name).write_bytes(content)
        with pytest.raises(KeyDamaged) as damaged:
            ask(KeyStore(store.folder))
        assert damaged.value.facts == {"file": name}


def test_the_sealing_key_is_made_once(store):
    key = store.sealing_key()
    assert len(key) == SEALING_KEY_BYTES
    assert KeyStore(store.folder).sealing_key() == key


def test_all_who_ask_for_the_first_sealing_key_at_once_get_the_same(store):
    got = []
    askers = [Thread(target=lambda: got.append(store.sealing_key())) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(got) == 8
    assert len(set(got)) == 1


def test_a_public_key_survives_its_pem(store):
    public = store.create(1)
    assert load_public(public_pem(public)).public_numbers() == public.public_numbers()


def test_only_keys_of_the_tokens_curve_are_public_keys():
    other = ec.generate_private_key(ec.SECP384R1()).public_key()
    with pytest.raises(ValueError, match="P-256"):
        load_public(public_pem(other))
