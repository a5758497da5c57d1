"""spmatch finds community activities that suit a person in social prescribing.

>>> from spmatch import Activity, Catalogue, Matcher, Profile

The names below are the public ones; they are loaded when first used, so that ``import spmatch``
costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spmatch.activity import Activity
    from spmatch.catalogue import Catalogue
    from spmatch.config import Config
    from spmatch.errors import (
        BatchError,
        CatalogueError,
        ConfigError,
        EncoderError,
        InputError,
        MissingExtraError,
        PlaceError,
        Problem,
        ProfileError,
        SafetyError,
        SnapshotError,
        SpmatchError,
        StoreError,
        ThemesError,
        UnknownActivityError,
    )
    from spmatch.geography import Gazetteer
    from spmatch.matcher import Matcher
    from spmatch.profile import Profile
    from spmatch.suggestion import Response, Suggestion, WhyNot

__version__ = "0.1.0"

_HOMES = {
    "Activity": "activity",
    "BatchError": "errors",
    "Catalogue": "catalogue",
    "CatalogueError": "errors",
    "Config": "config",
    "ConfigError": "errors",
    "EncoderError": "errors",
    "Gazetteer": "geography",
    "InputError": "errors",
    "Matcher": "matcher",
    "MissingExtraError": "errors",
    "PlaceError": "errors",
    "Problem": "errors",
    "Profile": "profile",
    "ProfileError": "errors",
    "SafetyError": "errors",
    "Response": "suggestion",
    "SnapshotError": "errors",
    "SpmatchError": "errors",
    "StoreError": "errors",
    "Suggestion": "suggestion",
    "ThemesError": "errors",
    "UnknownActivityError": "errors",
    "WhyNot": "suggestion",
}

__all__ = [
    "Activity",
    "BatchError",
    "Catalogue",
    "CatalogueError",
    "Config",
    "ConfigError",
    "EncoderError",
    "Gazetteer",
    "InputError",
    "Matcher",
    "MissingExtraError",
    "PlaceError",
    "Problem",
    "Profile",
    "ProfileError",
    "Response",
    "SafetyError",
    "SnapshotError",
    "SpmatchError",
    "StoreError",
    "Suggestion",
    "ThemesError",
    "UnknownActivityError",
    "WhyNot",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"spmatch.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'spmatch' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
