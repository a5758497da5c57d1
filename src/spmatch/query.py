"""A profile, resolved against a catalogue: where, when, what is written, and every limit judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from spmatch.aversions import Aversions, read_aversions
from spmatch.columns import Columns, Floats
from spmatch.config import Config
from spmatch.constraints import Judgement, Person, fitting_days, judge, judge_from_activity
from spmatch.contracts import Encoder
from spmatch.factors import Factor, build_factors, farness
from spmatch.geography import Gazetteer, great_circle_km
from spmatch.meaning import WrittenText, write_texts
from spmatch.profile import Profile
from spmatch.refusals import split_refusals
from spmatch.safety import find_risks
from spmatch.sessions import days_until
from spmatch.themes import ThemeModel, Wants


@dataclass(frozen=True, slots=True)
class Query:
    """One request. Lives as long as the request; its free text is in ``profile`` and ``aversions``."""

    profile: Profile
    person: Person
    days: Floats
    """Days to the next date of each session of the catalogue."""
    fitting_days: Floats
    """The same, inf for those outside the free time that is given."""
    answers: Mapping[str, WrittenText]
    """What an activity should answer: ``needs`` and ``interests``, those that are written."""
    aversions: Aversions
    """What should be avoided, also what the other texts refuse, as traits."""
    avoid: WrittenText | None
    """The rest of it, which no trait covers; ``None`` when nothing is left."""
    risks: frozenset[str]
    """What could harm the person, from all texts: ``alcohol``, ``exertion`` …"""
    wants: Wants | None
    """The themes of ``answers``; ``None`` without a text or a theme model for the encoder."""
    judgements: tuple[Judgement, ...]
    factors: tuple[Factor, ...]
    """Those that apply to the person, meaning excepted."""
    far: Factor | None
    """How much the way speaks against each activity; ``None`` without an origin."""


def build_query(
    profile: Profile,
    columns: Columns,
    encoder: Encoder,
    themes: ThemeModel | None,
    gazetteer: Gazetteer,
    config: Config,
    today: date,
) -> Query:
    """Resolve a profile. Raises ``PlaceError`` when its origin is not in the gazetteer."""
    distances_km, radius_km = None, 0.0
    if profile.origin is not None:
        origin = gazetteer.locate(profile.origin)
        distances_km = great_circle_km(origin, columns.lat, columns.lon)
        radius_km = origin.radius_km
    person = Person(
        today=today,
        distances_km=distances_km,
        margins_km=columns.margin_km,
        vague=columns.vague,
        radius_km=radius_km,
        age=profile.age,
        gender=profile.gender,
        languages=profile.languages,
        concessions=profile.concessions,
    )
    language = profile.text_language
    split = {
        name: split_refusals(text, language)
        for name in ("needs", "interests")
        if (text := (getattr(profile, name) or "").strip())
    }
    refused = [clause for one in split.values() for clause in one.refused]
    said = [(profile.avoid or "").strip(), *refused]
    aversions = read_aversions("\n".join(filter(None, said)), language)
    texts = {name: one.kept for name, one in split.items() if one.kept.strip()}
    if aversions.rest:
        texts["avoid"] = aversions.rest
    written = write_texts(
        encoder,
        list(texts.values()),
        [language] * len(texts),
        config.text.sentence_characters_min,
    )
    by_name = dict(zip(texts, written, strict=True))
    avoid = by_name.pop("avoid", None)
    days = days_until(columns.sessions, today)
    farthest_km = person.farthest_km()
    return Query(
        profile=profile,
        person=person,
        days=days,
        fitting_days=fitting_days(
            columns,
            today,
            [*profile.must.available, *profile.prefer.available],
            days,
            config.limits,
        ),
        answers=by_name,
        aversions=aversions,
        avoid=avoid,
        risks=find_risks(filter(None, [profile.needs, profile.interests, profile.avoid]), language),
        wants=themes.wants_of(list(by_name.values())) if themes else None,
        judgements=(
            *judge(columns, person, profile.must, "must", config.limits),
            *judge_from_activity(columns, person),
            *judge(columns, person, profile.prefer, "prefer", config.limits),
        ),
        factors=tuple(build_factors(columns, person, profile.must, profile.prefer, days, config)),
        far=None if farthest_km is None else farness(columns, farthest_km, config),
    )
