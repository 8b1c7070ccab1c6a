"""Which typed texts are plates: the table of forms, and cases for the browser's twin."""

from __future__ import annotations

from typing import Any

from permits.plate_forms import FORMS, PROVINCES, SEPARATORS, PlateKind

PLATES: tuple[tuple[str, str, str], ...] = (
    ("粤E12345", "粤E12345", "ordinary"),
    ("粤EA2B4C", "粤EA2B4C", "ordinary"),
    ("京A00000", "京A00000", "ordinary"),
    ("粤ED12345", "粤ED12345", "new_energy_small"),
    ("粤EK1234Z", "", ""),
    ("粤EKZ1234", "粤EKZ1234", "new_energy_small"),
    ("粤E12345D", "粤E12345D", "new_energy_large"),
    ("粤E12345L", "", ""),
    ("粤EL12345", "", ""),
    ("粤E1234警", "粤E1234警", "police"),
    ("粤E1234学", "粤E1234学", "trainer"),
    ("粤E1234挂", "粤E1234挂", "trailer"),
    ("粤A1234领", "粤A1234领", "consulate"),
    ("使123456", "使123456", "embassy"),
    ("123456使", "123456使", "embassy"),
    ("粤ZAB12港", "粤ZAB12港", "hong_kong"),
    ("粤Z1234澳", "粤Z1234澳", "macao"),
    ("粤E1234港", "", ""),
    ("粤X1234应急", "粤X1234应急", "emergency"),
    ("WJ12345", "WJ12345", "armed_police"),
    ("WJ粤1234T", "WJ粤1234T", "armed_police"),
    ("VA12345", "VA12345", "military"),
    ("VO12345", "", ""),
    ("民航A1234", "民航A1234", "civil_aviation"),
    ("粤E12345临", "粤E12345临", "temporary"),
    ("粤E1234临", "粤E1234临", "temporary"),
    ("粤E·12345", "粤E12345", "ordinary"),
    (" 粤e 12-345 ", "粤E12345", "ordinary"),
    ("粤Ｅ１２３４５", "粤E12345", "ordinary"),
    ("粤ｅ・１２３４ａ", "粤E1234A", "ordinary"),
    ("\ufeff粤E\u200b12345\u3000", "粤E12345", "ordinary"),
    ("粤E1234O", "", ""),
    ("粤EI2345", "", ""),
    ("粤O12345", "", ""),
    ("粤粤12345", "", ""),
    ("E12345", "", ""),
    ("粤E1234", "", ""),
    ("粤E123456", "", ""),
    ("x粤E12345", "", ""),
    ("粤E12345\x00", "", ""),
    ("粤E1234ı", "", ""),
    ("粤E１２３４٥", "", ""),
    ("粤E1234ſ", "", ""),
    ("🚗", "", ""),
    ("·-", "", ""),
    ("", "", ""),
)
"""As typed, the canonical plate and its kind; both empty where it is no plate."""


def document() -> dict[str, Any]:
    """Return the content of plates.json."""
    return {
        "about": (
            "The forms of permits/plates.py, to which the browser's own table is held, and typed"
            " texts with the canonical plate and its kind, null where a text is no plate."
        ),
        "provinces": PROVINCES,
        "separators": SEPARATORS,
        "forms": {kind.value: form for kind, form in FORMS},
        "service_kinds": [kind.value for kind in PlateKind if kind.is_service],
        "cases": [
            {"typed": typed, "plate": text or None, "kind": kind or None}
            for typed, text, kind in PLATES
        ],
    }
