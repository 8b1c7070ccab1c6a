import errno
import hashlib
import os

import pytest

from records.file_store import FileStore

pytestmark = pytest.mark.anywhere


@pytest.fixture
def store(tmp_path):
    return FileStore(tmp_path / "lists")


def kept(store):
    return [path for path in store.folder.rglob("*") if path.is_file()]


def test_a_file_is_kept_unchanged_under_its_sha256(store):
    content = bytes(range(256)) * 40
    sha256 = store.keep(content)
    assert sha256 == hashlib.sha256(content).hexdigest()
    assert store.read(sha256) == content
    assert kept(store) == [store.path(sha256)]


def test_the_same_file_is_kept_once_and_not_written_again(store):
    first = store.path(store.keep(b"plates")).stat().st_mtime_ns
    assert store.path(store.keep(b"plates")).stat().st_mtime_ns == first
    assert len(kept(store)) == 1


def test_only_the_owner_can_read_what_is_kept(store):
    path = store.path(store.keep(b"plates"))
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_what_was_never_kept_is_not_found(store):
    with pytest.raises(FileNotFoundError):
        store.read(hashlib.sha256(b"never").hexdigest())


def test_a_full_disk_leaves_no_part_of_a_file(store, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        store.keep(b"plates")
    assert kept(store) == []
