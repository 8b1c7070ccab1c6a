"""Why a file is no plate list that can be read: each reason is one error with one sentence."""

from typing import ClassVar

from records.errors import DomainError


class FileTooLarge(DomainError):
    """The file has more than `limit_mb` megabytes."""

    code: ClassVar[str] = "file_too_large"
    status: ClassVar[int] = 413


class TooManyRows(DomainError):
    """The list has more than `limit` rows."""

    code: ClassVar[str] = "too_many_rows"
    status: ClassVar[int] = 413


class TooManyColumns(DomainError):
    """A sheet has more than `limit` columns."""

    code: ClassVar[str] = "too_many_columns"


class DecompressionBomb(DomainError):
    """The file would unpack to more than `limit_mb` megabytes."""

    code: ClassVar[str] = "decompression_bomb"


class UnreadableFile(DomainError):
    """The file looks like a table but is broken or cut off."""

    code: ClassVar[str] = "unreadable_file"


class EncryptedFile(DomainError):
    """The file is protected by a password."""

    code: ClassVar[str] = "encrypted_file"


class NotAList(DomainError):
    """The file is no table but something else (`looks_like`)."""

    code: ClassVar[str] = "not_a_list"


class EmptyList(DomainError):
    """There is nothing in the file."""

    code: ClassVar[str] = "empty_list"


class NoPlateColumn(DomainError):
    """No column of the file holds plates."""

    code: ClassVar[str] = "no_plate_column"
