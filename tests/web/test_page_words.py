"""What the page says: the same in both languages, and nothing that nobody says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

import spmatch.web
import spmatch.wording
from spmatch.web.page.formview import GROUPS
from spmatch.web.page.problems import SAID
from spmatch.web.page.values import KINDS, PARTS_OF_DAY

WEB = Path(spmatch.web.__file__).parent
FILES = {
    language: tomllib.loads((WEB / "wording" / f"page_{language}.toml").read_text(encoding="utf-8"))
    for language in ("da", "en")
}
KEYS = sorted(FILES["en"])
SOURCES = [
    path.read_text(encoding="utf-8")
    for pattern in (
        "page/*.py",
        "templates/page.html",
        "templates/problem.html",
        "templates/page/*.html",
    )
    for path in sorted(WEB.glob(pattern))
]
LIMITS = (
    "distance cost access available first_visit intensity_max delivery referral age gender language"
    " capacity period meaning"
).split()
MADE = {
    *(f"excluded.{name}" for name in LIMITS),
    "concession.",
    *(f"group.{name}" for name in GROUPS),
    *(f"kind.{name}" for name in KINDS),
    *(f"part.{name}" for name in PARTS_OF_DAY),
    *(f"error.{name}{end}" for name in (*SAID.values(), "fault") for end in ("", "_advice")),
    *("gender.woman", "gender.man", "gender.other", "fit.good", "fit.weak"),
    *("advice.good", "advice.weak", "advice.none", "said.must", "said.prefer"),
    *(f"fact.{name}" for name in ("distance", "price", "next", "where", "times")),
    *("stated.yes", "stated.no", "stated.open"),
    *("verdict.met", "verdict.not_met", "verdict.unknown"),
    *(f"label.{name}" for name in ("needs", "interests", "avoid", "distance", "cost", "available")),
    *(f"label.{name}" for name in ("intensity_max", "delivery", "referral")),
}
"""Keys whose last part is not written out in the source; what ends with a full stop begins many."""


def values_named(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_files_have_the_same_keys_in_the_same_order() -> None:
    assert list(FILES["da"]) == list(FILES["en"])


@pytest.mark.parametrize("key", KEYS)
def test_a_sentence_names_the_same_values_in_both_languages(key: str) -> None:
    assert values_named(FILES["da"][key]) == values_named(FILES["en"][key])


@pytest.mark.parametrize("key", KEYS)
def test_every_sentence_is_said_somewhere(key: str) -> None:
    written = any(re.search(rf"""["']{re.escape(key)}["']""", source) for source in SOURCES)
    assert written or key in MADE or any(key.startswith(one) for one in MADE if one[-1] == ".")


def test_whatever_leaves_an_offer_out_can_be_said() -> None:
    folder = Path(spmatch.wording.__file__).parent
    terms = tomllib.loads((folder / "en.toml").read_text(encoding="utf-8"))["terms"]
    assert set(terms["limit"]) == set(LIMITS)
