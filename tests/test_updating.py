"""A catalogue that changes: after each change it answers as one that is built, and nothing is read twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

from making import HOME, TODAY, WordEncoder, make_activity, make_profile, north
from spmatch.activity import Activity
from spmatch.catalogue import Catalogue
from spmatch.errors import CatalogueError, UnknownActivityError
from spmatch.geography import Gazetteer
from spmatch.ground import Ground
from spmatch.matcher import Matcher
from spmatch.meaning import activity_sentences, encode_catalogue
from spmatch.stacked import Stacked
from test_properties import holds
from updates import ThemedEncoder, Town, answers, built, difference

SEEDS = st.integers(0, 999)

EVERYONE = "Alle kan være med, også de helt nye."
CHOIR = make_activity("choir", title="Kor", description=f"Vi synger sammen hver uge. {EVERYONE}")
GARDEN = make_activity("garden", title="Have", description="Vi graver. Vi drikker kaffe.")
WALK = make_activity("walk", title="Gåtur", description=f"Vi går en lang tur hver uge. {EVERYONE}")


def town(*activities: Activity, **options: Any) -> Matcher:
    encoder = options.pop("encoder", None) or ThemedEncoder()
    return Matcher.build(activities or (CHOIR, GARDEN, WALK), encoder=encoder, **options)


def ids(matcher: Matcher) -> list[str]:
    return [one.id for one in matcher.catalogue]


def texts_for(matcher: Matcher, work: Callable[[], object]) -> list[str]:
    """What the encoder was given meanwhile."""
    encoder = matcher._snapshot.encoder
    assert isinstance(encoder, ThemedEncoder)
    encoder.texts.clear()
    work()
    return encoder.texts


# As a build


@holds(SEEDS, examples=12)
def test_answers_are_those_of_a_build(seed: int) -> None:
    place = Town(seed)
    matcher = Matcher.build(place.activities.values(), encoder=ThemedEncoder())
    for step in range(4):
        matcher = matcher.updated(*place.change())
        again = built(place.activities.values(), matcher)
        assert matcher.catalogue.hash == again.catalogue.hash
        assert answers(matcher, seed + step) == answers(again, seed + step)


@holds(SEEDS)
def test_columns_are_those_of_a_build(seed: int) -> None:
    place = Town(seed)
    matcher = Matcher.build(place.activities.values(), encoder=WordEncoder())
    for _ in range(6):
        matcher = matcher.updated(*place.change())
    again = built(place.activities.values(), matcher)
    assert difference(matcher._snapshot.columns, again._snapshot.columns) == []


@holds(SEEDS)
def test_the_order_on_the_map_is_that_of_a_build(seed: int) -> None:
    place = Town(seed)
    matcher = Matcher.build(place.activities.values(), encoder=WordEncoder())
    for _ in range(6):
        matcher = matcher.updated(*place.change())
    ground, again = matcher._facts.ground, Ground(matcher._snapshot.columns)
    for name in ("order", "place", "unit"):
        assert np.array_equal(getattr(ground, name), getattr(again, name), equal_nan=name == "unit")


@holds(SEEDS, examples=15)
def test_vectors_are_those_of_a_build(seed: int) -> None:
    place = Town(seed)
    matcher = Matcher.build(place.activities.values(), encoder=ThemedEncoder())
    for _ in range(6):
        matcher = matcher.updated(*place.change())
    again = built(place.activities.values(), matcher)
    for name in ("vectors", "sentence_vectors", "offers"):
        one, other = getattr(matcher._snapshot, name), getattr(again._snapshot, name)
        assert np.array_equal(np.asarray(one), np.asarray(other))


@holds(SEEDS, examples=15)
def test_merged_answers_are_the_same(seed: int) -> None:
    place = Town(seed)
    matcher = Matcher.build(place.activities.values(), encoder=ThemedEncoder())
    matcher = matcher.updated(*place.change()).updated(*place.change())
    merged = matcher.merged()
    assert not isinstance(merged._snapshot.vectors, Stacked)
    assert answers(merged, seed) == answers(matcher, seed)
    change = place.change()
    assert answers(merged.updated(*change), seed) == answers(matcher.updated(*change), seed)


def test_with_faiss_answers_are_the_same() -> None:
    pytest.importorskip("faiss", reason="the extra faiss is not installed")
    place = Town(7)
    one, other = (
        Matcher.build(place.activities.values(), encoder=ThemedEncoder(), index=kind)
        for kind in ("faiss", "exact")
    )
    change = place.change()
    assert answers(one.updated(*change), 7) == answers(other.updated(*change), 7)


def test_places_of_another_gazetteer_hold_for_what_is_added(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text(
        "kind,code,name,lat,lon,radius_km\npostcode,Z1,Zed,57.05,9.92,0.5\n", encoding="utf-8"
    )
    before = town(make_activity("a"), gazetteer=Gazetteer(file))
    after = before.updated([make_activity("b", place={"postcode": "Z1"})])
    profile = make_profile(origin=HOME, must={"distance_km": 5})
    found = after.match(profile, on=TODAY, unknown="exclude")
    assert [one.activity.id for one in found.suggestions] == ["b"]


# What is encoded


def test_only_texts_that_are_other_are_encoded() -> None:
    matcher = town()
    other = CHOIR.model_copy(
        update={"description": "Vi synger sammen hver uge. Kom forbi om mandagen."}
    )
    found = texts_for(matcher, lambda: matcher.updated([other, WALK]))
    # The title and the first sentence stayed.
    assert sorted(found) == [
        "Kom forbi om mandagen.",
        "Kor\nVi synger sammen hver uge. Kom forbi om mandagen.",
    ]


def test_a_change_of_facts_encodes_nothing() -> None:
    matcher = town()
    other = CHOIR.model_copy(update={"languages": ("da",), "cost": None, "intensity": "low"})
    assert texts_for(matcher, lambda: matcher.updated([other])) == []


def test_a_change_of_facts_adds_no_vectors() -> None:
    other = CHOIR.model_copy(update={"languages": ("da",)})
    snapshot = town().updated([other])._snapshot
    assert isinstance(snapshot.vectors, Stacked)
    assert len(snapshot.vectors.tail) == 0


def test_a_text_in_another_language_is_encoded_again() -> None:
    matcher = town()
    other = CHOIR.model_copy(update={"text_language": "en"})
    assert "Kor" in texts_for(matcher, lambda: matcher.updated([other]))


def test_given_vectors_are_taken_as_they_are() -> None:
    matcher = town()
    new = [make_activity("new", title="Strik"), CHOIR.model_copy(update={"title": "Kor nu"})]
    new.sort(key=lambda one: one.id, reverse=True)
    sentences = activity_sentences(new, 20)
    given = encode_catalogue(ThemedEncoder(), new, sentences)
    expected = answers(matcher.updated(new), 3)
    assert texts_for(matcher, lambda: matcher.updated(given)) == []
    assert answers(matcher.updated(given), 3) == expected


# Cases


def test_an_empty_update_is_the_same_matcher() -> None:
    matcher = town()
    assert matcher.updated([]) is matcher


def test_what_is_as_it_was_is_no_change() -> None:
    matcher = town()
    assert matcher.updated([CHOIR, WALK]) is matcher


def test_an_unknown_id_to_withdraw_is_passed_over() -> None:
    matcher = town()
    assert matcher.updated([], ["nobody"]) is matcher


def test_of_an_id_that_is_changed_twice_the_last_holds() -> None:
    one, other = (CHOIR.model_copy(update={"title": title}) for title in ("First", "Second"))
    assert town().updated([one, other]).catalogue["choir"].title == "Second"


def test_an_id_that_is_changed_and_withdrawn_is_refused() -> None:
    with pytest.raises(CatalogueError, match="choir is in both"):
        town().updated([CHOIR], ["choir", "walk"])


def test_a_catalogue_may_lose_everything_and_be_filled_again() -> None:
    empty = town().updated([], ["choir", "garden", "walk"])
    assert empty.match(make_profile(needs="Synge."), on=TODAY).confidence == "none"
    again = empty.updated([WALK, CHOIR])
    assert ids(again) == ["choir", "walk"]
    assert answers(again, 1) == answers(town(CHOIR, WALK), 1)


def test_a_withdrawn_activity_is_unknown() -> None:
    with pytest.raises(UnknownActivityError):
        town().updated([], ["walk"]).why("walk", make_profile())


def test_a_given_id_of_the_catalogue_stays() -> None:
    matcher = Matcher.build(Catalogue([CHOIR], id="town"), encoder=WordEncoder())
    assert matcher.updated([WALK]).catalogue.id == "town"


def test_another_id_of_the_catalogue_may_be_given() -> None:
    matcher = Matcher.build(Catalogue([CHOIR], id="town"), encoder=WordEncoder())
    after = matcher.updated([], catalogue_id="city")
    assert (after.catalogue.id, after.catalogue.hash) == ("city", matcher.catalogue.hash)


# Who holds the matcher before


def test_the_matcher_before_answers_as_before() -> None:
    matcher = town()
    before = answers(matcher, 5)
    after = matcher.updated([make_activity("new", title="Kor", place=north(1))], ["garden"])
    after.updated([CHOIR.model_copy(update={"title": "Strik"})])
    assert ids(matcher) == ["choir", "garden", "walk"]
    assert answers(matcher, 5) == before


def test_two_updates_of_one_matcher_know_nothing_of_each_other() -> None:
    matcher = town().updated([make_activity("m", title="Fælles")])
    one = matcher.updated([make_activity("n", title="Strik og kaffe")])
    other = matcher.updated([make_activity("n", title="Svømning og bad")])
    assert answers(one, 2) == answers(built(one.catalogue, matcher), 2)
    assert answers(other, 2) == answers(built(other.catalogue, matcher), 2)


def test_updates_are_not_a_chain() -> None:
    matcher = town()
    base = matcher._snapshot.vectors
    for number in range(20):
        matcher = matcher.updated([make_activity("new", title=f"Kor nummer {number}")])
    vectors = matcher._snapshot.vectors
    assert isinstance(vectors, Stacked)
    assert vectors.base is base


def test_searches_during_updates_see_one_state_or_the_other() -> None:
    matcher = town()
    profile = make_profile(needs="Synge og gå en tur.")
    states = [matcher]
    for number in range(12):
        change = make_activity(f"b{number % 3}", title=f"Synge {number}", place=north(number))
        states.append(states[-1].updated([change], [f"b{(number + 1) % 3}"]))
    whole = {
        one.match(profile, on=TODAY, k=9).to_json(timing=False)
        for one in (built(state.catalogue, matcher) for state in states)
    }
    held, seen, done = [matcher], set(), threading.Event()

    def search() -> None:
        while not done.is_set():
            seen.add(held[0].match(profile, on=TODAY, k=9).to_json(timing=False))

    searching = [threading.Thread(target=search) for _ in range(3)]
    for thread in searching:
        thread.start()
    for number in range(12):
        change = make_activity(f"b{number % 3}", title=f"Synge {number}", place=north(number))
        held[0] = held[0].updated([change], [f"b{(number + 1) % 3}"])
    done.set()
    for thread in searching:
        thread.join()
    assert seen <= whole


# On disk


@holds(SEEDS, examples=8)
def test_a_loaded_snapshot_is_updated_saved_and_loaded(seed: int) -> None:
    place = Town(seed)
    with TemporaryDirectory() as folder:
        Matcher.build(place.activities.values() or [CHOIR], encoder="baseline").save(folder)
        matcher = Matcher.load(folder)
        gone = [] if place.activities else ["choir"]
        for step in range(3):
            changed, withdrawn = place.change()
            matcher = matcher.updated(changed, [*withdrawn, *gone])
            again = built(place.activities.values(), matcher)
            assert answers(matcher, seed + step) == answers(again, seed + step)
            assert tuple(matcher._snapshot.sentences.texts) == tuple(
                again._snapshot.sentences.texts
            )
            if step == 1:
                matcher.save(folder)
                assert answers(Matcher.load(folder), seed) == answers(matcher, seed)
                matcher = Matcher.load(folder)


def test_the_lines_of_a_saved_update_are_those_of_a_build(tmp_path: Path) -> None:
    place = Town(11)
    Matcher.build(place.activities.values(), encoder="baseline").save(tmp_path / "one")
    matcher = Matcher.load(tmp_path / "one").updated(*place.change()).updated(*place.change())
    matcher.save(tmp_path / "one")
    built(place.activities.values(), matcher).save(tmp_path / "other")
    for pattern in ("activities.jsonl", "sentences.jsonl", "*.npy", "columns/*.npy"):
        files = [
            sorted((tmp_path / side).glob(f"versions/*/{pattern}")) for side in ("one", "other")
        ]
        assert len(files[0]) == len(files[1]) > 0
        for one, other in zip(*files, strict=True):
            assert (one.name, one.read_bytes()) == (other.name, other.read_bytes())


def test_what_was_not_read_of_remarks_is_read_when_it_is_asked_for() -> None:
    swim = make_activity("swim", title="Svømning", description="Vi svømmer i koldt vand.")
    loud = make_activity("loud", title="Koncert", description="Der er høj musik og larm.")
    matcher = town(WALK, encoder=WordEncoder()).updated([swim, loud])
    again = built(matcher.catalogue, matcher)
    assert np.array_equal(matcher._snapshot.remarks.all(), again._snapshot.remarks.all())


def test_a_snapshot_without_themes_stays_without() -> None:
    matcher = town()
    without = Matcher(replace(matcher._snapshot, offers=None, themes=""))
    assert without.updated([], ["walk"])._snapshot.offers is None
