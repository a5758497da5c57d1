"""The settings of a match: frozen, read from TOML, and named by a hash in every response."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, model_validator

from spmatch.errors import ConfigError, Problem
from spmatch.plan_settings import PlanSettings
from spmatch.validation import problems_of
from spmatch.words import Per, Record

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[float, Field(gt=0)]
NonNegative = Annotated[float, Field(ge=0)]


class TextSettings(Record):
    sentence_characters_min: int = Field(ge=1)


class LimitSettings(Record):
    overlap_minutes: int = Field(ge=1, le=1440)
    sessions_per_week: Positive
    sessions_per_month: Positive
    sessions_per_quarter: Positive
    sessions_per_year: Positive
    sessions_per_once: Positive

    def sessions_per(self, per: Per) -> float:
        """How many sessions a price for one ``per`` is spread over."""
        return 1.0 if per == "session" else float(getattr(self, f"sessions_per_{per}"))


class Weights(Record):
    meaning: NonNegative
    themes: NonNegative
    nearness: NonNegative
    affordability: NonNegative
    access: NonNegative
    timing: NonNegative
    language: NonNegative
    freshness: NonNegative
    first_visit: NonNegative


class MeaningSettings(Record):
    needs_share: Share
    sentence_share: Share
    avoid_from: Annotated[float, Field(ge=0, lt=1)]
    avoid_weight: NonNegative


class NearnessSettings(Record):
    half_km: Positive
    half_of_limit: Positive
    home: Share
    not_stated: Share
    far_from_km: Positive
    far_at_km: Positive
    far_weight: NonNegative

    @model_validator(mode="after")
    def _in_order(self) -> NearnessSettings:
        if self.far_at_km <= self.far_from_km:
            raise ValueError("far_at_km is above far_from_km")
        return self


class AffordabilitySettings(Record):
    half_price: dict[str, Positive]
    not_stated: Share


class AccessSettings(Record):
    not_stated: Share


class TimingSettings(Record):
    half_days: Positive
    not_stated: Share


class LanguageSettings(Record):
    second: Share
    not_stated: Share


class FreshnessSettings(Record):
    half_days: Positive
    not_stated: Share


class FirstVisitSettings(Record):
    not_stated: Share


class Penalties(Record):
    must_not_stated: NonNegative
    implied_not_stated: NonNegative
    prefer_broken: NonNegative
    prefer_not_stated: NonNegative
    could_harm: NonNegative


class VarietySettings(Record):
    among: int = Field(ge=1, le=100)
    same_provider: NonNegative
    same_theme: NonNegative
    same_need: NonNegative
    same_text: NonNegative
    same_text_from: Annotated[float, Field(ge=0, lt=1)]


class ConfidenceSettings(Record):
    floor: Share
    good: Share


class SafetySettings(Record):
    contacts: str = Field(min_length=1)


class ThemeSettings(Record):
    answers: dict[str, dict[str, Share]]


class Config(Record):
    """All settings. ``Config.default()`` is what spmatch comes with; ``Config.load`` reads a file."""

    text: TextSettings
    limits: LimitSettings
    weights: Weights
    meaning: MeaningSettings
    themes: ThemeSettings
    nearness: NearnessSettings
    affordability: AffordabilitySettings
    access: AccessSettings
    timing: TimingSettings
    language: LanguageSettings
    freshness: FreshnessSettings
    first_visit: FirstVisitSettings
    penalties: Penalties
    variety: VarietySettings
    confidence: ConfidenceSettings
    plan: PlanSettings
    safety: SafetySettings

    @classmethod
    def default(cls) -> Config:
        return cls.model_validate(_defaults())

    @classmethod
    def load(cls, path: Path | str) -> Config:
        """Settings from a TOML file; what the file leaves out keeps its default.

        Raises ``ConfigError`` listing every fault.
        """
        path = Path(path)
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            problem = Problem(str(path), "", f"{reason}.", "Give a readable TOML file.")
            raise ConfigError("The settings cannot be read:", [problem]) from None
        return cls.of(given, where=str(path))

    @classmethod
    def of(cls, given: dict[str, Any], *, where: str = "settings") -> Config:
        """Settings from a nested mapping over the defaults, as ``load`` does."""
        try:
            return cls.model_validate(_over(_defaults(), given))
        except ValidationError as error:
            problems = problems_of(error, where)
        raise ConfigError("The settings cannot be read:", problems)

    @property
    def hash(self) -> str:
        """Twelve hexadecimal digits that name these settings."""
        return _digest(self.model_dump(mode="json"))

    @property
    def build_hash(self) -> str:
        """Names the settings that a snapshot's arrays and its calibration depend on."""
        made_with = {
            "text": self.text.model_dump(mode="json"),
            "sentence_share": self.meaning.sentence_share,
        }
        return _digest(made_with)


def _defaults() -> dict[str, Any]:
    text = Path(__file__).with_name("default.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _over(base: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in given.items():
        below = merged.get(name)
        merged[name] = (
            _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
        )
    return merged


def _digest(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
