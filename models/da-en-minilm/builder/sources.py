"""The texts that the encoder learns from, each with its licence, and the held-out ones.

Nothing else is read: a file that is not named here never reaches the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = [
    "EVALUATION_ONLY",
    "SENTENCE_SOURCES",
    "SOURCES",
    "Source",
    "read_lines",
    "read_pairs",
]


@dataclass(frozen=True)
class Source:
    """One file of tab-separated text, where it came from and under which licence."""

    file: str
    what: str
    origin: str
    licence: str


SOURCES: tuple[Source, ...] = (
    Source("pairs_tatoeba.tsv", "sentences", "Tatoeba, ManyThings export", "CC BY 2.0 FR"),
    Source(
        "pairs_wiktionary_en_da.tsv",
        "lexicon",
        "Wiktionary (open-dsl-dict/wiktionary-dict)",
        "CC BY-SA 3.0",
    ),
    Source(
        "pairs_wiktionary_da_en.tsv",
        "lexicon",
        "Wiktionary (Vuizur/Wiktionary-Dictionaries)",
        "CC BY-SA 3.0",
    ),
    Source(
        "pairs_wiktionary_da_en_forms.tsv",
        "inflected forms",
        "Wiktionary (Vuizur/Wiktionary-Dictionaries)",
        "CC BY-SA 3.0",
    ),
    Source("pairs_cldr.tsv", "names of symbols", "Unicode CLDR annotations", "Unicode-3.0"),
    Source("pairs_osm_id.tsv", "kinds of place", "openstreetmap/id-tagging-schema", "ISC"),
    Source("pairs_gnome_help.tsv", "sentences", "GNOME/gnome-user-docs", "CC BY 3.0"),
    Source(
        "en_wordnet_glosses.tsv", "English glosses", "globalwordnet/english-wordnet", "CC BY 4.0"
    ),
    Source("domain_lexicon.tsv", "domain words", "written for this project", "CC BY-SA 4.0"),
    Source("domain_pairs.tsv", "domain texts", "written for this project", "CC BY-SA 4.0"),
    Source("dense_pairs.tsv", "domain texts", "written for this project", "CC BY-SA 4.0"),
)

SENTENCE_SOURCES = ("pairs_tatoeba.tsv", "pairs_gnome_help.tsv", "pairs_osm_id.tsv")

EVALUATION_ONLY: tuple[Source, ...] = (
    Source("evalonly_ntrex.tsv", "news sentences", "MicrosoftTranslator/NTREX", "CC BY-SA 4.0"),
    Source("evalonly_laser_tatoeba.tsv", "sentences", "facebookresearch/LASER", "CC BY 2.0 FR"),
)


def read_lines(path: Path) -> list[tuple[str, ...]]:
    """The tab-separated fields of every line that is not empty or a ``#`` comment."""
    with path.open(encoding="utf-8") as lines:
        rows = (line.rstrip("\n") for line in lines)
        return [
            tuple(field.strip() for field in row.split("\t"))
            for row in rows
            if row.strip() and not row.startswith("#")
        ]


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """(Danish, English) of every line; a line without both is left out, doubles are kept once.

    A header line (``da``, ``en``) is left out too.
    """
    pairs: dict[tuple[str, str], None] = {}
    for fields in read_lines(path):
        if len(fields) < 2 or not fields[0] or not fields[1]:
            continue
        if fields[0].lower() in {"da", "danish"} and fields[1].lower() in {"en", "english"}:
            continue
        pairs[fields[0], fields[1]] = None
    return list(pairs)
