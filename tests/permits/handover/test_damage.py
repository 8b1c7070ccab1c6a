"""What is not as it was made is refused, and leaves nothing behind."""

import hashlib
import json
import random
import re
import struct
import zipfile

import pytest

from permits.handover.archive import (
    PassphraseTooShort,
    WrongPassphrase,
    new_passphrase,
    reading_archive,
    writing,
)
from permits.handover.manifest import (
    HandoverDamaged,
    HandoverOfOtherVersion,
    HandoverTooLarge,
    HandoverUnreadable,
)
from records.checkpoints import HeadForged
from records.errors import DomainError
from records.ledger import LedgerBroken
from tests.permits.handover.conftest import PASSPHRASE, rows_of

VEHICLES = "tables/vehicles.csv"


def parts_of(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path, parts, more=()):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in [*parts.items(), *more]:
            archive.writestr(name, content)


def with_manifest_to_match(parts):
    """The parts with a manifest that lists them as they are, as a forger would make it."""
    manifest = json.loads(parts["manifest.json"])
    others = {name: content for name, content in parts.items() if name != "manifest.json"}
    manifest["parts"] = {
        name: {"sha256": hashlib.sha256(content).hexdigest(), "size_bytes": len(content)}
        for name, content in others.items()
    }
    return {**others, "manifest.json": json.dumps(manifest).encode()}


def check(path, passphrase=None):
    with reading_archive(path, passphrase):
        pass


def test_a_part_that_is_missing_or_was_added_or_changed_is_named(hand_over):
    path = hand_over().path
    parts = parts_of(path)
    for fault, changed in (
        ("missing", {name: content for name, content in parts.items() if name != VEHICLES}),
        (
            "changed",
            {**parts, VEHICLES: parts[VEHICLES].replace("粤E".encode(), "粤F".encode(), 1)},
        ),
        ("changed", {**parts, VEHICLES: parts[VEHICLES] + b"x"}),
    ):
        write(path, changed)
        with pytest.raises(HandoverDamaged) as refused:
            check(path)
        assert refused.value.facts == {"file": VEHICLES, "fault": fault}
    write(path, {**parts, "tables/more.csv": b"id\r\n"})
    with pytest.raises(HandoverDamaged) as refused:
        check(path)
    assert refused.value.facts == {"file": "tables/more.csv", "fault": "added"}


def test_a_part_that_stands_twice_is_refused(hand_over):
    path = hand_over().path
    parts = parts_of(path)
    with pytest.warns(UserWarning, match="Duplicate name"):
        write(path, parts, [(VEHICLES, parts[VEHICLES])])
    with pytest.raises(HandoverDamaged):
        check(path)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/../../outside", "a/b/c"])
def test_a_part_that_would_lie_elsewhere_is_refused_even_where_it_is_listed(hand_over, name):
    path = hand_over().path
    write(path, with_manifest_to_match({**parts_of(path), name: b"x"}))
    with pytest.raises(HandoverDamaged) as refused:
        check(path)
    assert refused.value.facts["file"] == name


def test_any_byte_that_is_changed_is_refused_or_changes_nothing_that_is_read(hand_over):
    path = hand_over().path
    whole, chance = path.read_bytes(), random.Random(17)
    refused = 0
    for _ in range(60):
        place = chance.randrange(len(whole))
        changed = bytes([whole[place] ^ 1 << chance.randrange(8)])
        path.write_bytes(whole[:place] + changed + whole[place + 1 :])
        try:
            check(path)
        except DomainError:
            refused += 1
    assert refused > 50


def test_a_file_that_ends_too_soon_or_is_no_zip_is_refused(hand_over):
    path = hand_over().path
    whole = path.read_bytes()
    for content in (b"", b"PK", whole[: len(whole) // 2], b"x" * 1000):
        path.write_bytes(content)
        with pytest.raises(HandoverUnreadable):
            check(path)
    write(path, {"readme.txt": b"no handover"})
    with pytest.raises(HandoverUnreadable):
        check(path)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"{}", b'{"format": 1}', b'{"format": 1, "parts": []}', b"[" * 100_000],
)
def test_a_manifest_that_is_none_is_refused(tmp_path, manifest):
    write(tmp_path / "handover.zip", {"manifest.json": manifest})
    with pytest.raises(HandoverUnreadable):
        check(tmp_path / "handover.zip")


def test_another_format_is_another_version(hand_over):
    path = hand_over().path
    parts = parts_of(path)
    manifest = {**json.loads(parts["manifest.json"]), "format": 2}
    write(path, {**parts, "manifest.json": json.dumps(manifest)})
    with pytest.raises(HandoverOfOtherVersion):
        check(path)


def test_what_unpacks_to_too_much_is_refused_whatever_the_manifest_says(hand_over):
    path = hand_over().path
    bomb = {**parts_of(path), "files/zeros": bytes(60_000_000)}
    write(path, with_manifest_to_match(bomb))
    with pytest.raises(HandoverTooLarge):
        check(path)
    listed = with_manifest_to_match({**bomb, "files/zeros": b"small"})
    write(path, {**listed, "files/zeros": bytes(60_000_000)})
    with pytest.raises(HandoverDamaged):
        check(path)
    # A directory that says less than there is: reading ends where it says.
    size = struct.pack("<L", 60_000_000)
    path.write_bytes(path.read_bytes().replace(size, struct.pack("<L", 5)))
    with pytest.raises(HandoverDamaged):
        check(path)


def test_an_encrypted_handover_opens_by_its_passphrase_alone(hand_over, hand_on, engine):
    handed = hand_over(PASSPHRASE)
    assert b"manifest" in handed.path.read_bytes()
    for wrong in (None, "", "four words nobody guesse", new_passphrase()):
        with pytest.raises(WrongPassphrase):
            check(handed.path, wrong)
    check(handed.path, PASSPHRASE)


def test_a_short_passphrase_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(PassphraseTooShort), writing(tmp_path / "handover.zip", "short"):
        pass
    assert list(tmp_path.iterdir()) == []


WHOLE_LINE = r"(?m)^.+\r\n\Z"


@pytest.mark.parametrize(
    ("table", "pattern", "replacement", "error"),
    [
        ("ledger", "plan.proposed", "plan.promised", LedgerBroken),
        ("ledger", WHOLE_LINE, "", HandoverDamaged),
        ("vehicles", WHOLE_LINE, "", HandoverDamaged),
        ("vehicles", WHOLE_LINE, r"\g<0>\g<0>", HandoverDamaged),
        ("vehicles", WHOLE_LINE, "1,nonsense\r\n", HandoverDamaged),
        ("vehicles", ",plate,", ",plates,", HandoverDamaged),
        ("permits", "replaced", "made up", HandoverDamaged),
        ("permits", "2026-12-01", "yesterday", HandoverDamaged),
        ("gates", ",1,", ",99,", HandoverDamaged),
        ("signed_heads", '""A"": ', '""A"": 1', HeadForged),
    ],
)
def test_a_table_that_was_changed_together_with_the_manifest_leaves_nothing_behind(
    hand_over, hand_on, engine, table, pattern, replacement, error
):
    path, name = hand_over().path, f"tables/{table}.csv"
    parts = parts_of(path)
    changed = re.sub(pattern, replacement, parts[name].decode(), count=1)
    assert changed.encode() != parts[name]
    write(path, with_manifest_to_match({**parts, name: changed.encode()}))
    with pytest.raises(error):
        hand_on(path)
    assert not any(rows_of(engine).values())
