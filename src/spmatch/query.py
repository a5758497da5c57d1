"""A profile, resolved against a catalogue: where, when, what is written, and every limit judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from spmatch.aversions import Aversions, read_aversions
from spmatch.config import Config
from spmatch.constraints import Kind, Person, Ruling
from spmatch.contracts import DetectsLanguage, Encoder
from spmatch.factors import SoftTerm
from spmatch.facts import Facts
from spmatch.geography import Gazetteer
from spmatch.ground import Reach
from spmatch.judging import Judge, Meetings, Prices
from spmatch.meaning import WrittenText, write_texts
from spmatch.profile import Limits, Profile
from spmatch.refusals import split_refusals
from spmatch.safety import find_risks
from spmatch.themes import ThemeModel, Wants
from spmatch.way import Way
from spmatch.wording import READER_LANGUAGES, ReaderLanguage


@dataclass(frozen=True, slots=True)
class Query:
    """One request. Lives as long as the request; its free text is in ``profile`` and ``aversions``."""

    profile: Profile
    person: Person
    reach: Reach | None
    """The catalogue as it lies around the origin; ``None`` without one."""
    prices: Prices
    meetings: Meetings
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
    judgements: tuple[Ruling, ...]
    factors: tuple[SoftTerm, ...]
    """Those that apply to the person, meaning excepted."""
    far: SoftTerm | None
    """How much the way speaks against each activity; ``None`` without an origin."""


def build_query(
    profile: Profile,
    facts: Facts,
    judge: Judge,
    encoder: Encoder,
    themes: ThemeModel | None,
    gazetteer: Gazetteer,
    config: Config,
    today: date,
) -> Query:
    """Resolve a profile. Raises ``PlaceError`` when its origin is not in the gazetteer."""
    reach = None
    if profile.origin is not None:
        reach = Reach(facts.ground, gazetteer.locate(profile.origin))
    person = Person(
        today=today,
        radius_km=reach.origin.radius_km if reach else 0.0,
        age=profile.age,
        gender=profile.gender,
        languages=profile.languages,
        concessions=judge.concessions(profile.concessions),
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
    must, prefer = profile.must, profile.prefer

    def asked(limits: Limits, kind: Kind) -> list[Ruling]:
        judged = judge.judgements(person, limits, kind)
        if reach is None or limits.distance_km is None:
            return [*judged]
        return [reach.limit(limits.distance_km, kind), *judged]

    factors: list[SoftTerm] = [*judge.factors(person, must, prefer)]
    if reach is not None:
        way = Way(reach, facts.comes_home, config)
        factors.insert(0, way.nearness(must, prefer))
    return Query(
        profile=profile,
        person=person,
        reach=reach,
        prices=judge.prices(person),
        meetings=judge.meetings(person, (*must.available, *prefer.available)),
        answers=by_name,
        aversions=aversions,
        avoid=avoid,
        risks=find_risks(filter(None, [profile.needs, profile.interests, profile.avoid]), language),
        wants=themes.wants_of(list(by_name.values())) if themes else None,
        judgements=(*asked(must, "must"), *judge.admissions(person), *asked(prefer, "prefer")),
        factors=tuple(factors),
        far=None if reach is None else way.farness(),
    )


def reader_language(profile: Profile, encoder: Encoder) -> ReaderLanguage:
    """That of the profile, as stated or detected; English where it is neither Danish nor known."""
    stated = profile.text_language
    text = " ".join(filter(None, [profile.needs, profile.interests]))
    if stated in READER_LANGUAGES:
        return "da" if stated == "da" else "en"
    if text and stated is None and isinstance(encoder, DetectsLanguage):
        return encoder.language(text)
    return "en"
