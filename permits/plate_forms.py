"""The forms of plates by GA 36-2018 and its first amendment: which text is of which kind."""

from __future__ import annotations

import enum
import re

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
"""The 31 provinces' characters (GA 36-2018, 5.8.1)."""

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Letters of serials and of issuing authorities: I and O are left out (GA 36-2018, 5.8.2)."""

NEW_ENERGY_LETTERS = "ABCDEFGHJK"
"""Letters that mark new energy vehicles (GA 36-2018, 5.8.4)."""

ELECTRIC_LETTERS = "DABCE"
"""Of those, the ones of purely electric vehicles (GA 36-2018, 5.8.4)."""

SEPARATORS = (
    " \t\n\v\f\r\x85\xa0\xad\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u200b\u200c\u200d\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u202f\u205f"
    "\u2060\u2066\u2067\u2068\u2069\u3000\ufeff·•・･‧∙⋅ㆍ⸱●.．﹒-‐‑‒–—―−－﹣_＿"
)
"""What people and programs put between the parts of a plate, marks that nobody sees included.

It never changes which plate is meant.
"""

_FOLDED = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{ord(letter): letter.upper() for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{code: chr(code - 0xFEE0 - 32) for code in range(0xFF41, 0xFF5B)},
    **{ord(separator): None for separator in SEPARATORS},
}

SUFFIXES = "警学挂领港澳临使"
"""Characters that end the plates of some kinds."""


class PlateKind(enum.StrEnum):
    """The kinds of plates that the standard knows, and those of forces outside of it."""

    ORDINARY = "ordinary"
    NEW_ENERGY_SMALL = "new_energy_small"
    NEW_ENERGY_LARGE = "new_energy_large"
    POLICE = "police"
    TRAINER = "trainer"
    TRAILER = "trailer"
    CONSULATE = "consulate"
    EMBASSY = "embassy"
    HONG_KONG = "hong_kong"
    MACAO = "macao"
    EMERGENCY = "emergency"
    ARMED_POLICE = "armed_police"
    MILITARY = "military"
    CIVIL_AVIATION = "civil_aviation"
    TEMPORARY = "temporary"

    @property
    def is_service(self) -> bool:
        """Whether cars of this kind are let through at once: police, rescue and armed forces."""
        return self in _SERVICE

    @property
    def is_new_energy(self) -> bool:
        """Whether the plate is one of a new energy vehicle."""
        return self in (PlateKind.NEW_ENERGY_SMALL, PlateKind.NEW_ENERGY_LARGE)


_SERVICE = frozenset(
    {PlateKind.POLICE, PlateKind.EMERGENCY, PlateKind.ARMED_POLICE, PlateKind.MILITARY}
)

_P, _L, _S = f"[{PROVINCES}]", f"[{LETTERS}]", f"[{LETTERS}0-9]"
_N = f"[{NEW_ENERGY_LETTERS}]"

FORMS: tuple[tuple[PlateKind, str], ...] = (
    (PlateKind.ORDINARY, f"{_P}{_L}{_S}{{5}}"),
    (PlateKind.NEW_ENERGY_SMALL, f"{_P}{_L}{_N}{_S}[0-9]{{4}}"),
    (PlateKind.NEW_ENERGY_LARGE, f"{_P}{_L}[0-9]{{5}}{_N}"),
    (PlateKind.POLICE, f"{_P}{_L}{_S}{{4}}警"),
    (PlateKind.TRAINER, f"{_P}{_L}{_S}{{4}}学"),
    (PlateKind.TRAILER, f"{_P}{_L}{_S}{{4}}挂"),
    (PlateKind.CONSULATE, f"{_P}{_L}{_S}{{4}}领"),
    (PlateKind.EMBASSY, "使[0-9]{6}|[0-9]{6}使"),
    (PlateKind.HONG_KONG, f"粤Z{_S}{{4}}港"),
    (PlateKind.MACAO, f"粤Z{_S}{{4}}澳"),
    (PlateKind.EMERGENCY, f"{_P}[XS]{_S}[0-9]{{3}}应急"),
    (PlateKind.ARMED_POLICE, f"WJ{_P}?[0-9]{{4}}[0-9TDSHBXJ]"),
    (PlateKind.MILITARY, "[BCEGHJKLNQSVZ][A-DJ-NP-TVY][0-9]{5}"),
    (PlateKind.CIVIL_AVIATION, f"民航{_S}{{5}}"),
    (PlateKind.TEMPORARY, f"{_P}{_L}{_S}{{4,5}}临"),
)
"""Every form as a pattern of the whole canonical plate."""

_ANY = re.compile("|".join(f"(?P<{kind}>{form})" for kind, form in FORMS))
_KINDS = {kind.value: kind for kind in PlateKind}


def normalise(raw: str) -> str:
    """Return the text in capitals, half width and without separators; twice equals once.

    Only the letters A to Z are made capital: other scripts' look-alikes stay what they are.
    """
    return raw.translate(_FOLDED)


def kind_of(text: str) -> PlateKind | None:
    """Return the kind of plate that a normalised text is, None where it is none."""
    match = _ANY.fullmatch(text)
    return _KINDS[match.lastgroup or ""] if match else None
