"""What a service holds for every request."""

from __future__ import annotations

from dataclasses import dataclass

from spmatch.web.desk import Desk
from spmatch.web.keys import KeyRing
from spmatch.web.live import HoldsMatcher
from spmatch.web.metrics import Metrics
from spmatch.web.rates import Rates
from spmatch.web.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class Service:
    """What every request may use. Holds nothing of any request."""

    settings: ServiceSettings
    live: HoldsMatcher
    desk: Desk
    keys: KeyRing | None
    rates: Rates
    metrics: Metrics
