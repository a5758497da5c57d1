"""Folds records of several sources that tell of one activity into one, and unfolds them again.

Nothing is lost: the one that is kept holds the others as they were. The rule: docs/mending.md.
"""

from __future__ import annotations

from spmatch.duplicates.folding import FoldedGroup, Folding, fold, source_of, unfold

__all__ = ["FoldedGroup", "Folding", "fold", "source_of", "unfold"]
