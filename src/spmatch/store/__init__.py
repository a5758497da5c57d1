"""A catalogue in PostgreSQL: the one that many services follow, and that can answer inside the database.

``Store`` names the database; ``publish``, ``amend`` and ``withdraw`` change it, each in one transaction;
``Follower`` keeps a matcher in memory in step with it; ``DatabaseMatcher`` answers without holding the
catalogue. Needs the extra ``postgres``.
"""

from spmatch.errors import StoreError
from spmatch.store.answering import DatabaseMatcher
from spmatch.store.assembling import read_snapshot
from spmatch.store.changing import amend, publish, withdraw
from spmatch.store.connecting import Store
from spmatch.store.following import Follower, Freshness
from spmatch.store.migrating import schema_sql, upgrade
from spmatch.store.reading import EMPTY, Revision, read_latest

__all__ = [
    "EMPTY",
    "DatabaseMatcher",
    "Follower",
    "Freshness",
    "Revision",
    "Store",
    "StoreError",
    "amend",
    "publish",
    "read_latest",
    "read_snapshot",
    "schema_sql",
    "upgrade",
    "withdraw",
]
