"""What the page and the handout say, one TOML file for each of them and language.

What a match says of its limits and scores comes from ``spmatch.wording``.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from spmatch.wording import ReaderLanguage

_FOLDER = Path(__file__).with_name("wording")


class PageWords:
    """The sentences of one part (``page``, ``handout``) in one language, by key."""

    def __init__(self, part: str, language: ReaderLanguage) -> None:
        text = (_FOLDER / f"{part}_{language}.toml").read_text(encoding="utf-8")
        self.language = language
        self._says: dict[str, str] = tomllib.loads(text)

    def say(self, key: str, **values: object) -> str:
        """The sentence of this key, with the values that it mentions."""
        return self._says[key].format_map(values)

    def keys(self) -> set[str]:
        return set(self._says)


@cache
def page_words(part: str, language: ReaderLanguage) -> PageWords:
    """The sentences of a part in a language, read once."""
    return PageWords(part, language)
