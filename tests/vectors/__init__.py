"""Test vectors: what the token and the gate decision must say, in Python and in the browser.

The cases are written by hand from the design, not recorded from the code; `scripts/make-vectors`
turns them into the JSON files beside this one.
"""
