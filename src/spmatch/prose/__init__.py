"""Facts out of prose: prices, ages, times, access, first visits and delivery, with their quotes."""

from spmatch.prose.fact import Fact
from spmatch.prose.facts import facts_of, read_facts, with_facts

__all__ = ["Fact", "facts_of", "read_facts", "with_facts"]
