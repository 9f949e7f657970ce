"""nordic.garbage: no search for garbage inside, and as before outside."""

from __future__ import annotations

import gc

import pytest

from pipeline.nordic.garbage import put_off_collection


def test_collection_is_put_off_inside_and_goes_on_after_a_fault() -> None:
    assert gc.isenabled()
    with pytest.raises(AssertionError), put_off_collection():
        assert gc.isenabled()
    assert gc.isenabled()


def test_what_was_off_before_stays_off() -> None:
    gc.disable()
    try:
        with put_off_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
