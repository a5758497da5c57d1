"""Where the material that comes with spmatch lies: gazetteers, example catalogues, models."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent / "_material"
_CHECKOUT = Path(__file__).parents[2]


def material(*parts: str) -> Path:
    """The path of shipped material, such as ``material("catalogue", "places")``.

    In an installed package it lies inside the package, in a checkout at the top level.
    """
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return root.joinpath(*parts)
