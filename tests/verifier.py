"""`scripts/verify-ledger` as a module: to start it as a program a thousand times is slow."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "scripts" / "verify-ledger"

_loader = SourceFileLoader("verify_ledger", str(SCRIPT))
_spec = spec_from_loader("verify_ledger", _loader)
assert _spec is not None
verifier = module_from_spec(_spec)
_loader.exec_module(verifier)
