"""What a reader is told when a text speaks of danger, and the files of contacts."""

from __future__ import annotations

from pathlib import Path

import pytest

from spmatch.errors import SafetyError
from spmatch.material import material
from spmatch.safety import TOPICS, load_contacts, notices_of
from spmatch.wording import ReaderLanguage, wording

COUNTRIES = ("denmark", "united_kingdom")


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_topic_has_advice(country: str) -> None:
    assert set(load_contacts(country).topics) == set(TOPICS)


@pytest.mark.parametrize(
    ("country", "name", "phone"),
    [
        ("denmark", "livslinien", "70 201 201"),
        ("denmark", "lev_uden_vold", "1888"),
        ("denmark", "boernetelefonen", "116 111"),
        ("united_kingdom", "samaritans", "116 123"),
        ("united_kingdom", "domestic_abuse", "0808 2000 247"),
        ("united_kingdom", "nspcc", "0808 800 5000"),
    ],
)
def test_numbers_are_those_that_are_known(country: str, name: str, phone: str) -> None:
    assert load_contacts(country).contacts[name].phone == phone


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_contact_is_used(country: str) -> None:
    contacts = load_contacts(country)
    used = {name for advice in contacts.topics.values() for name in advice.contacts}
    assert used == set(contacts.contacts)


def test_a_contact_that_nobody_confirmed_is_listed() -> None:
    contacts = load_contacts("denmark")
    assert "emergency" in contacts.unchecked
    assert "lev_uden_vold" not in contacts.unchecked


@pytest.mark.parametrize(
    ("language", "title"),
    [("da", "Det kan handle om selvmord."), ("en", "This may be about suicide.")],
)
def test_a_notice_is_in_the_language_of_the_reader(language: ReaderLanguage, title: str) -> None:
    contacts = load_contacts("denmark")
    (found,) = notices_of({"needs": "Han vil dø."}, "da", contacts, wording(language))
    assert found.title == title
    assert found.first == contacts.topics["suicide"].first.to(language)
    assert [one.phone for one in found.contacts] == ["112", None, "70 201 201"]


def test_the_most_urgent_notice_comes_first_whichever_text_it_stands_in() -> None:
    texts = {"needs": "He hits her.", "interests": "She wants to die."}
    found = notices_of(texts, "en", load_contacts("united_kingdom"), wording("en"))
    assert [one.topic for one in found] == ["suicide", "violence"]


def test_a_topic_in_two_texts_is_one_notice() -> None:
    texts = {"needs": "She wants to die.", "avoid": "She wants to die."}
    assert len(notices_of(texts, "en", load_contacts("denmark"), wording("en"))) == 1


def test_a_harmless_text_gives_no_notice() -> None:
    texts = {"needs": "Lonely since she moved, likes baking."}
    assert notices_of(texts, "en", load_contacts("denmark"), wording("en")) == ()


def test_a_notice_repeats_nothing_of_the_text() -> None:
    texts = {"needs": "Marianne wants to die."}
    assert "Marianne" not in repr(notices_of(texts, "en", load_contacts("denmark"), wording("en")))


def test_an_unknown_name_is_answered_with_those_known() -> None:
    with pytest.raises(SafetyError, match="Known: denmark, united_kingdom"):
        load_contacts("atlantis")


def changed(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The Danish file with pieces of it changed."""
    text = material("catalogue", "safety", "denmark.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "ours.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    contacts = load_contacts(changed(tmp_path, ('phone = "1888"', 'phone = "12 34 56 78"')))
    assert contacts.contacts["lev_uden_vold"].phone == "12 34 56 78"


def test_every_fault_is_listed_at_once(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        ('phone = "1888"', 'phone = "call us"'),
        ('contacts = ["doctor", "spiseforstyrrelser"]', 'contacts = ["doctor", "nobody"]'),
        ("[topics.abuse]", "[topics.misuse]"),
    )
    with pytest.raises(SafetyError) as caught:
        load_contacts(path)
    fields = {problem.field for problem in caught.value.problems}
    assert {
        "contacts.lev_uden_vold.phone",
        "topics.eating_disorder.contacts",
        "topics.abuse",
    } <= fields


def test_a_file_that_is_no_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text("[contacts", encoding="utf-8")
    with pytest.raises(SafetyError, match="Give a readable TOML file"):
        load_contacts(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SafetyError, match="No such file"):
        load_contacts(tmp_path / "none.toml")
