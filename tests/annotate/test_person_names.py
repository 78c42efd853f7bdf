"""Persons' names in parts, and which of them agree."""

import pytest

from samestory.annotate.mentions.person_names import explain_agreement, is_bare_form, parse_person_name


@pytest.mark.parametrize(("one", "other", "reason"), [
    ("José Muñiz", "Jose Muniz", "spelling"), ("Virgil van Loon", "Virgil Van Loon", "spelling"),
    ("Ana Ruiz-Sanz", "Ana Ruiz Sanz", "spelling"), ("Pat O'Dea", "Pat O’Dea", "spelling"),
    ("Lena Pﬁﬀer", "Lena Pfiffer", "spelling"), ("ADA VOSS", "Ada Voss", "spelling"),
    ("J.D. Voss", "J. D. Voss", "spelling"), ("JD Voss", "J.D. Voss", "spelling"),
    ("Ada Q. Voss", "Ada Voss", "middle name"), ("Ada Q. Voss", "Ada R. Voss", None),
    ("Uwe H.W. Barr", "Uwe W. Barr", None), ("Uwe H.W. Barr", "Uwe H. Barr", "middle name"),
    ("E. Jean Voss", "Jean Voss", "middle name"), ("Omar al-Voss", "Omar Voss", "middle name"),
    ("J. Voss", "John Voss", "initial"), ("J. Voss", "Karl Voss", None),
    ("Bill Voss", "William Voss", "nickname"), ("Bob Voss", "Robert E. Voss", "nickname"),
    ("Bob Voss", "Bert Voss", None), ("Ada Voss", "Uwe Voss", None), ("Ada Voss", "Ada Barr", None),
    ("Tom Voss Jr.", "Tom Voss", "suffix"), ("Tom A. Voss, Jr.", "Tom Voss", "suffix"),
    ("Tom Voss Jr.", "Tom Voss Sr.", None), ("Tom Voss III", "Thomas Voss", "nickname"), ("Voss", "Ada Voss", None)])
def test_full_names_agree_in_a_way(one, other, reason):
    for names in ((one, other), (other, one)):
        assert explain_agreement(*map(parse_person_name, names)) == reason


@pytest.mark.parametrize(("bare", "is_bare"), [
    ("Leyen", True), ("von der Leyen", True), ("Von Der Leyen", True), ("Ursula", False), ("Ursula Leyen", False),
    ("van der Leyen", False), ("Ursula von der Leyen", False)])
def test_a_bare_name_is_the_end_of_a_full_one(bare, is_bare):
    assert is_bare_form(parse_person_name(bare), parse_person_name("Ursula von der Leyen")) is is_bare
