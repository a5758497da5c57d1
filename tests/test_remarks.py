"""What activities say of traits and risks: read once, or when it is asked for, and always the same."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from making import make_activity
from spmatch import remarks
from spmatch.activity import Activity
from spmatch.aversions import ASSERTED, asserts, known_traits
from spmatch.material import material
from spmatch.meaning import activity_text
from spmatch.readers.native import NativeReader
from spmatch.remarks import Remarks, read_remarks, remark_names, rules_digest
from spmatch.safety import harmful, known_risks

ALL = frozenset(known_traits())
RISKS = frozenset(known_risks()) - {"mixed_gender_ask"}

DOGS = make_activity("dogs", title="Walk with dogs", text_language="en")
WINE = make_activity("wine", title="Wine tasting", description="For women.", gender="women")
NONE = make_activity("zero", title="Tea")
TOWN = [DOGS, WINE, NONE]
ROWS = np.arange(3)


@pytest.fixture(params=["read", "unread"])
def town(request: pytest.FixtureRequest) -> Remarks:
    return read_remarks(TOWN) if request.param == "read" else Remarks(TOWN)


def test_a_trait_is_found_where_it_is(town: Remarks) -> None:
    assert town.traits(ROWS, frozenset({"dogs"})) == {0: ("dogs",)}


def test_traits_are_told_in_alphabetical_order(town: Remarks) -> None:
    assert town.traits(ROWS, frozenset({"walking", "dogs", "war"}))[0] == ("dogs", "walking")


def test_only_the_rows_that_are_asked_about_are_told(town: Remarks) -> None:
    assert town.traits(np.array([1, 2]), frozenset({"dogs"})) == {}


def test_without_a_wish_nothing_is_told(town: Remarks) -> None:
    assert town.traits(ROWS, frozenset()) == {}


def test_without_rows_nothing_is_told(town: Remarks) -> None:
    assert town.traits(np.array([], dtype=np.intp), ALL) == {}


def test_a_trait_that_is_not_known_is_nowhere(town: Remarks) -> None:
    assert town.traits(ROWS, frozenset({"dragons"})) == {}


def test_a_risk_is_found_where_it_is(town: Remarks) -> None:
    assert town.harms(ROWS, frozenset({"alcohol"})) == {1: ("alcohol",)}


def test_of_company_it_is_told_that_it_is_to_be_asked(town: Remarks) -> None:
    expected = {0: ("mixed_gender_ask",), 2: ("mixed_gender_ask",)}
    assert town.harms(ROWS, frozenset({"mixed_gender"})) == expected


def test_asked_twice_the_answer_is_the_same(town: Remarks) -> None:
    assert town.traits(ROWS, ALL) == town.traits(ROWS, ALL)


def test_what_was_asked_before_makes_no_difference() -> None:
    unread = Remarks(TOWN)
    unread.traits(np.array([0]), frozenset({"war"}))
    unread.harms(np.array([0]), frozenset({"water"}))
    assert unread.traits(ROWS, ALL) == read_remarks(TOWN).traits(ROWS, ALL)


def test_all_that_was_not_read_is_read_in_the_end() -> None:
    unread = Remarks(TOWN)
    unread.traits(np.array([0]), frozenset({"dogs"}))
    assert unread.all().tolist() == read_remarks(TOWN).all().tolist()


def test_threads_that_ask_at_once_lose_nothing() -> None:
    town, expected = TOWN * 20, read_remarks(TOWN * 20).traits(np.arange(60), ALL)
    unread = Remarks(town)
    ask = [Thread(target=unread.traits, args=(np.arange(60), frozenset({trait}))) for trait in ALL]
    for one in ask:
        one.start()
    for one in ask:
        one.join()
    assert unread.traits(np.arange(60), ALL) == expected


def test_the_bits_of_another_catalogue_are_refused() -> None:
    with pytest.raises(ValueError, match="another catalogue"):
        Remarks(TOWN[:2], read_remarks(TOWN).all())


def test_nothing_can_be_read_of_an_empty_catalogue() -> None:
    assert read_remarks([]).all().shape == (0, -(-len(remark_names()) // 8))


# As those say who read


@pytest.fixture(scope="module")
def examples() -> list[Activity]:
    """Every tenth of the example catalogue, which states much, and says more."""
    files = sorted(material("catalogue", "denmark").glob("*.jsonl"))
    read = [one for file in files for one in NativeReader().read(file)]
    return [one for one in read if isinstance(one, Activity)][::10]


def test_every_trait_is_told_as_it_is_read(examples: list[Activity]) -> None:
    told = read_remarks(examples).traits(np.arange(len(examples)), ALL)
    for row, one in enumerate(examples):
        expected = [
            trait
            for trait in sorted(ALL)
            if asserts(activity_text(one), trait, one.text_language, one) == ASSERTED
        ]
        assert list(told.get(row, ())) == expected


def test_every_risk_is_told_as_it_is_read(examples: list[Activity]) -> None:
    found = read_remarks(examples)
    rows = np.arange(len(examples))
    for risks in (RISKS, *({risk} for risk in RISKS)):
        told = found.harms(rows, frozenset(risks))
        expected = [
            harmful(activity_text(one), one.intensity, one.gender, risks) for one in examples
        ]
        assert [told.get(row, ()) for row in rows.tolist()] == expected


def test_a_remark_comes_from_no_other_field(examples: list[Activity]) -> None:
    bare = [
        Activity.model_construct(id=one.id, **{name: getattr(one, name) for name in remarks._READ})
        for one in examples
    ]
    assert read_remarks(bare).all().tolist() == read_remarks(examples).all().tolist()


# Taken over


def read_anew(now: list[Activity], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of those that are read when the town is known."""
    known, read = (TOWN, read_remarks(TOWN)), []
    reading = remarks._read
    monkeypatch.setattr(
        remarks, "_read", lambda one, mask: read.append(one.id) or reading(one, mask)
    )
    found = read_remarks(now, known=known).all()
    fresh = read_remarks(now).all()
    assert found.tolist() == fresh.tolist()
    return read[: len(read) - len(now)]


def test_what_is_the_same_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_anew(TOWN, monkeypatch) == []


def test_what_is_new_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [make_activity("a"), DOGS, make_activity("e"), NONE, make_activity("zz")]
    assert read_anew(now, monkeypatch) == ["a", "e", "zz"]


def test_a_changed_text_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = DOGS.model_copy(update={"description": "No dogs."})
    assert read_anew([changed, WINE, NONE], monkeypatch) == ["dogs"]


def test_a_changed_fact_that_decides_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = WINE.model_copy(update={"gender": "any"})
    assert read_anew([DOGS, changed, NONE], monkeypatch) == ["wine"]


def test_a_fact_that_says_nothing_of_it_may_change(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = WINE.model_copy(update={"languages": ("en",)})
    assert read_anew([DOGS, changed, NONE], monkeypatch) == []


# The rules


def test_the_rules_have_a_name() -> None:
    assert len(rules_digest()) == 64


@pytest.mark.parametrize("name", remarks._RULES)
def test_every_rule_is_where_it_is_looked_for(name: str) -> None:
    assert (Path(remarks.__file__).parent / name).is_file()


def test_each_bit_stands_for_another_thing() -> None:
    assert len(set(remark_names())) == len(remark_names())
