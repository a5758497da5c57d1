"""One ranked activity as a suggestion: its verdicts, reasons, cautions and questions in words."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from spmatch.catalogue import Catalogue
from spmatch.config import Config
from spmatch.explanation import (
    Quote,
    cautions_of,
    contributions_of,
    questions_of,
    reasons_of,
    verdicts_of,
)
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

    def suggestion(
        self, number: int, ranked: Ranked, suitable: Scored, query: Query, words: Wording
    ) -> Suggestion:
        """The suggestion at place ``number`` for one request."""
        row, person = ranked.row, query.person
        quote = self._quote(row, suitable, query)
        activity = self.catalogue.activities[row]
        when = query.meetings.next_for(row, person)
        away_km = float(query.reach.km(np.array([row]))[0]) if query.reach else math.nan
        distance_km = None if math.isnan(away_km) else round(away_km, 2)
        return Suggestion(
            rank=number,
            activity=activity,
            score=ranked.score,
            fit=fit_of(
                float(suitable.best_fit[suitable.place(row)]), query, self.config.confidence.good
            ),
            quote=quote.sentence or None if quote and quote.fits else None,
            contributions=contributions_of(
                row,
                ranked.contributions,
                suitable.factors_with_texts(query),
                query.judgements,
                words,
            ),
            verdicts=verdicts_of(row, query.judgements, words, activity.evidence),
            reasons=reasons_of(
                row,
                activity,
                query.reach,
                query.prices,
                (query.profile.must, query.profile.prefer),
                quote,
                when,
                words,
                answer=self._answer(row, query),
            ),
            cautions=cautions_of(
                row,
                activity,
                person,
                query.judgements,
                float(suitable.avoid_share[suitable.place(row)]),
                words,
                traits=suitable.traits.get(row, ()),
                harms=suitable.harms.get(row, ()),
            ),
            ask=questions_of(row, query.judgements, words),
            distance_km=distance_km,
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
        """Where one activity stands: ``failed`` names the limits that it breaks."""
        row = ranked.row
        activity = self.catalogue.activities[row]
        verdicts = verdicts_of(row, query.judgements, words, activity.evidence)
        against = tuple(v for v in verdicts if v.kind == "must" and v.limit in failed)
        said = [
            words.say(
                Message("why.fails", {"limit": Terms("limit", (v.limit,)), "detail": v.detail})
            )
            for v in against
        ]
        if not scored.suits(self.config.confidence.floor)[scored.place(row)]:
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
            contributions=contributions_of(
                row, ranked.contributions, factors, query.judgements, words
            ),
        )

    def _answer(self, row: int, query: Query) -> Answer | None:
        if self.shelf.themes is None or query.wants is None:
            return None
        return self.shelf.themes.best_answer(query.wants, row)

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

    def _quote(self, row: int, suitable: Scored, query: Query) -> Quote | None:
        """The best sentence for the text of the profile that the activity answers best, if not its title."""
        if not suitable.fits:
            return None
        at = suitable.place(row)
        answers = max(suitable.fits, key=lambda name: float(suitable.fits[name][at]))
        number, _ = self.shelf.texts.best_sentence(query.answers[answers], row)
        fits = float(suitable.fits[answers][at]) >= self.config.confidence.floor
        is_title = number == self.sentences.offsets[row]
        sentence = "" if is_title else self.sentences.texts[number]
        return Quote(answers=answers, sentence=sentence, fits=fits)
