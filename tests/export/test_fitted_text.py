"""Texts that any program reads alike: of the same length, and restored exactly."""

import io
import string
from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from samestory.export.fitted_text import fit_text, restore_text
from tests.support.hostile_texts import HOSTILE_TEXTS

ODD_CHARACTERS = "\r\n\t\x00\x85\u2028\ufeff\ufffe"
ANY_TEXT = st.text(st.one_of(st.characters(exclude_categories=["Cs"]),
                             st.sampled_from(ODD_CHARACTERS + string.ascii_letters)))


def check_fitted(text: str) -> None:
    fitted = fit_text(text)
    assert len(fitted.text) == len(text)
    assert restore_text(fitted.text, fitted.describe()) == text
    assert io.TextIOWrapper(io.BytesIO(fitted.text.encode())).read() == fitted.text  # with universal newlines
    assert fitted.text.encode().decode("utf-8-sig") == fitted.text
    assert (etree.fromstring(f"<a>{escape(fitted.text)}</a>").text or "") == fitted.text
    assert fitted.text.split("\n") == fitted.text.splitlines() + [""] * (not fitted.text or fitted.text.endswith("\n"))


@given(ANY_TEXT)
def test_any_text_is_read_alike_and_restored(text):
    check_fitted(text)


def test_hostile_texts_are_read_alike_and_restored():
    for text in HOSTILE_TEXTS.values():
        check_fitted(text)


def test_what_needs_no_change_is_not_changed():
    assert fit_text("“É 🧑‍🚀” \ufeff\t\n\u202e").replaced == {}
