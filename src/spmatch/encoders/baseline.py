"""The baseline: words and character n-grams of the catalogue itself, reduced by a truncated SVD.

It knows only the words that the catalogue uses, but needs no weights, and is the yardstick that any
other encoder must beat (latent semantic analysis, Deerwester et al., JASIS 41, 1990).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from spmatch.contracts import EncoderIdentity, Progress, Role, Vectors
from spmatch.errors import EncoderError

VERSION = "1"
DIMENSIONS = 256
SEED = 0
# Words that say nothing of what a text is about, in Danish and English.
_FUNCTION_WORDS = frozenset(
    """
    a about after again all also am an and any are as at be because been before being but by can
    cannot could did do does doing down each even every few for from get gets go goes had has have
    having he her here hers him his how i if in into is it its itself just less lot make many may me
    might more most much must my need needs no nobody nor not nothing now of off on once one only or
    other our out over own please same she should so some such than that the their them then there
    these they this those through to too under until up us very want wants was we were what when
    where which while who whom why will with without would you your
    af al alle allerede alt altid anden at bare begge bl.a blev blive bliver da de dem den denne der
    deres det dette dig din dine disse dit dog du efter eller en end enkelte er et ethvert fik for
    fordi fra få får gå går ham han hans har have havde hele hen hende hendes her hos hun hvad hvem
    hver hvilke hvis hvor hvordan hvorfor hvornår i igen ikke ind ingen intet ja jeg jer jo kan
    kommer kun kunne lave lidt lige man mange med meget mens mere mest mig min mindre mine mit må
    måske når ned nej noget nogen nogle nok nu ny og også om op os over på sammen samme selv ser
    sidste sig sin sine sit skal skulle som stadig så til tit ud uden under var ved vi via vil ville
    vor vores være været én
    """.split()
)
_WORD = re.compile(r"[\w.]*\w")


def _content(text: str) -> str:
    """The words of a text that carry meaning, in lower case."""
    words = _WORD.findall(text.casefold())
    return " ".join(word for word in words if word not in _FUNCTION_WORDS)


_PARTS: dict[str, dict[str, Any]] = {
    "words": {
        "preprocessor": _content,
        "analyzer": "word",
        "sublinear_tf": True,
        "token_pattern": r"(?u)\b\w+\b",
    },
    "characters": {
        "preprocessor": _content,
        "analyzer": "char_wb",
        "ngram_range": (3, 5),
        "sublinear_tf": True,
        "max_features": 20_000,
    },
}


class BaselineEncoder:
    """TF-IDF of words and of character 3- to 5-grams, side by side, reduced to 256 dimensions.

    Make one with ``fit`` or ``load``. A catalogue too small to reduce is left unreduced.
    """

    def __init__(
        self, vocabularies: dict[str, dict[str, int]], idf: dict[str, Any], components: Any
    ) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self._vectorisers = {}
        for part, options in _PARTS.items():
            vectoriser = TfidfVectorizer(vocabulary=vocabularies[part], **options)
            vectoriser.idf_ = idf[part]
            self._vectorisers[part] = vectoriser
        self._vocabularies = vocabularies
        self._idf = idf
        self._components = components
        terms = sum(len(vocabulary) for vocabulary in vocabularies.values())
        digest = hashlib.sha256()
        for part in _PARTS:
            digest.update("\n".join(vocabularies[part]).encode())
            digest.update(np.ascontiguousarray(idf[part]).tobytes())
        digest.update(np.ascontiguousarray(components).tobytes())
        self.identity = EncoderIdentity(
            name="baseline",
            version=VERSION,
            sha256=digest.hexdigest(),
            dimensions=len(components) or terms,
        )

    @classmethod
    def fit(cls, texts: Sequence[str]) -> BaselineEncoder:
        """Learn words and their weights from the texts of a catalogue.

        Raises ``EncoderError`` when none of them holds a word.
        """
        from scipy.sparse import hstack
        from sklearn.decomposition import TruncatedSVD
        from sklearn.feature_extraction.text import TfidfVectorizer

        vocabularies, idf, weighted = {}, {}, []
        for part, options in _PARTS.items():
            vectoriser = TfidfVectorizer(**options)
            try:
                weighted.append(vectoriser.fit_transform(texts))
            except ValueError:
                raise EncoderError(
                    "The texts hold no words: the baseline has nothing to learn."
                ) from None
            terms = [str(term) for term in vectoriser.get_feature_names_out()]
            vocabularies[part] = {term: column for column, term in enumerate(terms)}
            idf[part] = vectoriser.idf_
        matrix = hstack(weighted).tocsr()
        dimensions = min(DIMENSIONS, min(matrix.shape) - 1)
        components = np.empty((0, 0))
        if dimensions >= 2:
            # Texts that are all alike have no variance, of which it would take shares.
            with np.errstate(invalid="ignore"):
                svd = TruncatedSVD(dimensions, random_state=SEED).fit(matrix)
            components = svd.components_.astype(np.float32)
        return cls(vocabularies, idf, components)

    @classmethod
    def load(cls, directory: Path) -> BaselineEncoder:
        """Read what ``save`` wrote. Raises ``EncoderError`` when it cannot be read."""
        try:
            vocabularies = {}
            for part in _PARTS:
                words = json.loads((directory / f"{part}.json").read_text(encoding="utf-8"))
                vocabularies[part] = {term: column for column, term in enumerate(words)}
            idf = {
                part: np.load(directory / f"{part}_idf.npy", allow_pickle=False) for part in _PARTS
            }
            components = np.load(directory / "components.npy", allow_pickle=False)
            terms = sum(len(vocabulary) for vocabulary in vocabularies.values())
            if any(len(idf[part]) != len(vocabularies[part]) for part in _PARTS) or (
                len(components) and components.shape[1] != terms
            ):
                raise ValueError("its files do not belong together")
        # An empty file of an array is an EOFError, a file that holds something else a TypeError.
        except (OSError, ValueError, EOFError, TypeError, IndexError) as error:
            raise EncoderError(f"The baseline in {directory} cannot be read: {error}.") from None
        return cls(vocabularies, idf, components)

    def save(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        for part in _PARTS:
            terms = json.dumps(list(self._vocabularies[part]), ensure_ascii=False)
            (directory / f"{part}.json").write_text(terms, encoding="utf-8")
            np.save(directory / f"{part}_idf.npy", self._idf[part])
        np.save(directory / "components.npy", self._components)

    def encode(
        self,
        texts: Sequence[str],
        *,
        role: Role,
        languages: Sequence[str | None] | None = None,
        progress: Progress | None = None,
    ) -> Vectors:
        from scipy.sparse import hstack

        if not texts:
            return np.zeros((0, self.identity.dimensions), dtype=np.float32)
        weighted = hstack([self._vectorisers[part].transform(texts) for part in _PARTS]).tocsr()
        reduced = weighted @ self._components.T if len(self._components) else weighted.toarray()
        length = np.linalg.norm(reduced, axis=1, keepdims=True)
        # A text without a known word has no direction: it stays zero, like nothing else.
        vectors: Vectors = np.divide(
            reduced, length, out=np.zeros_like(reduced), where=length > 1e-12
        )
        if progress:
            progress("encode", len(texts), len(texts))
        return vectors.astype(np.float32)
