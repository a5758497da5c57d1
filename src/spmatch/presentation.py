"""One ranked activity as a suggestion: its verdicts, reasons, cautions and questions in words."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.constraints import Judgement
from spmatch.contracts import Rows
from spmatch.explanation import (
    Quote,
    cautions_of,
    contributions_of,
    questions_of,
    reasons_of,
    verdicts_of,
)
from spmatch.factors import Factor
from spmatch.ground import Away
from spmatch.meaning import Sentences
from spmatch.messages import Message, Terms
from spmatch.query import Query
from spmatch.ranking import Ranked, total
from spmatch.relaxation import Loosening
from spmatch.scoring import Scored, Shelf, fit_of
from spmatch.suggestion import Relaxation, Suggestion, WhyNot
from spmatch.themes import Answer
from spmatch.wording import Wording

EXAMPLES = 5
"""How many activities a relaxation names."""


@dataclass(frozen=True, slots=True)
class Presenter:
    """Puts the activities of one catalogue into words."""

    catalogue: Catalogue
    shelf: Shelf
    sentences: Sentences
    config: Config

    def suggestions(
        self, ranked: Sequence[Ranked], suitable: Scored, query: Query, words: Wording
    ) -> tuple[Suggestion, ...]:
        """The suggestions of one request, numbered from 1 in the order given."""
        if not ranked:
            return ()
        told = self._told(ranked, suitable, query)
        return tuple(
            self._suggestion(place, one, told, query, words) for place, one in enumerate(ranked)
        )

    def _told(self, ranked: Sequence[Ranked], suitable: Scored, query: Query) -> _Told:
        rows = np.array([one.row for one in ranked], dtype=np.intp)
        scored = suitable.among(rows)
        return _Told(
            scored=scored,
            rulings=tuple(one.among(rows) for one in query.judgements),
            factors=scored.factors_with_texts(query),
            away=query.reach.away(rows) if query.reach else [None] * len(rows),
            quotes=self._quotes(scored, query),
            answers=self._answers(rows, query),
        )

    def _suggestion(
        self, place: int, ranked: Ranked, told: _Told, query: Query, words: Wording
    ) -> Suggestion:
        row, person, scored = ranked.row, query.person, told.scored
        quote, away = told.quotes[place], told.away[place]
        activity = self.catalogue.activities[row]
        when = query.meetings.next_for(row, person)
        return Suggestion(
            rank=place + 1,
            activity=activity,
            score=ranked.score,
            fit=fit_of(float(scored.best_fit[place]), query, self.config.confidence.good),
            quote=quote.sentence or None if quote and quote.fits else None,
            contributions=contributions_of(
                place, ranked.contributions, told.factors, told.rulings, words
            ),
            verdicts=verdicts_of(place, told.rulings, words, activity.evidence),
            reasons=reasons_of(
                row,
                activity,
                away,
                query.prices,
                (query.profile.must, query.profile.prefer),
                quote,
                when,
                words,
                answer=told.answers[place],
            ),
            cautions=cautions_of(
                place,
                activity,
                person,
                told.rulings,
                float(scored.avoid_share[place]),
                words,
                traits=scored.traits.get(row, ()),
                harms=scored.harms.get(row, ()),
            ),
            ask=questions_of(place, told.rulings, words),
            distance_km=None if away is None or math.isnan(away.km) else round(away.km, 2),
            next_session=when,
        )

    def why_not(
        self,
        ranked: Ranked,
        scored: Scored,
        query: Query,
        failed: Collection[str],
        standing: int | None,
        words: Wording,
    ) -> WhyNot:
        """Where one activity, the only one scored, stands: ``failed`` names the limits that it breaks."""
        activity = self.catalogue.activities[ranked.row]
        rulings = tuple(one.among(scored.rows) for one in query.judgements)
        verdicts = verdicts_of(0, rulings, words, activity.evidence)
        against = tuple(v for v in verdicts if v.kind == "must" and v.limit in failed)
        said = [
            words.say(
                Message("why.fails", {"limit": Terms("limit", (v.limit,)), "detail": v.detail})
            )
            for v in against
        ]
        if not scored.suits(self.config.confidence.floor)[0]:
            said.append(words.say(Message("why.meaning")))
        if standing is not None:
            said.append(words.say(Message("why.suits")))
        factors = scored.factors_with_texts(query)
        return WhyNot(
            activity=activity,
            suits=standing is not None,
            fails=against,
            verdicts=verdicts,
            reasons=tuple(said),
            rank=standing,
            score=ranked.score,
            contributions=contributions_of(0, ranked.contributions, factors, rulings, words),
        )

    def relaxation(self, option: Loosening, gained: Scored, words: Wording) -> Relaxation:
        """A looser limit, with the best of what it brings (``gained``)."""
        order = np.lexsort((gained.rows, -total(gained.parts)))[:EXAMPLES]
        return Relaxation(
            limit=option.limit,
            from_value=option.from_value,
            to_value=option.to_value,
            gains=len(option.rows),
            examples=tuple(self.catalogue.id_of(gained.rows[i]) for i in order),
            text=words.say(option.message(len(option.rows))),
        )

    def _quotes(self, scored: Scored, query: Query) -> list[Quote | None]:
        """The best sentence of each for the text of the profile that it answers best, if not its title."""
        if not scored.fits:
            return [None] * len(scored.rows)
        names = list(scored.fits)
        fits = np.array([scored.fits[name] for name in names])
        best = fits.argmax(axis=0)
        numbers = np.zeros(len(scored.rows), dtype=np.int64)
        for i, name in enumerate(names):
            if (answers := best == i).any():
                numbers[answers] = self.shelf.texts.best_sentences(
                    query.answers[name], scored.rows[answers]
                )
        is_title = numbers == self.sentences.offsets[scored.rows]
        fitting = fits.max(axis=0) >= self.config.confidence.floor
        return [
            Quote(names[i], "" if title else self.sentences.texts[number], fits)
            for i, number, title, fits in zip(
                *(one.tolist() for one in (best, numbers, is_title, fitting)), strict=True
            )
        ]

    def _answers(self, rows: Rows, query: Query) -> Sequence[Answer | None]:
        if self.shelf.themes is None or query.wants is None:
            return [None] * len(rows)
        return self.shelf.themes.best_answers(query.wants, rows)


@dataclass(frozen=True, slots=True)
class _Told:
    """What is looked up of all suggestions of a request at once; each has its place in all of them."""

    scored: Scored
    rulings: tuple[Judgement, ...]
    factors: tuple[Factor, ...]
    away: Sequence[Away | None]
    quotes: Sequence[Quote | None]
    answers: Sequence[Answer | None]
