"""OpenActive times, which have a zone or none, to the clock on the wall.

A time with an offset is turned into the stated zone of the schedule. Without a stated zone an offset
is that of the place, and is left as written; a time in UTC is read in the zone of the United Kingdom
and Ireland, where OpenActive is at home, unless the address is elsewhere.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from spmatch.readers.stated import Findings, Record, records_of, text_of

ASSUMED_ZONE = "Europe/London"
_AT_HOME = frozenset(("gb", "uk", "gbr", "ie", "irl", "united kingdom", "great britain", "england"))


class Clocks:
    """The zone in which the times of one record stand.

    ``assumed`` counts the times that were read in the zone that nobody stated.
    """

    def __init__(self, record: Record, country: str | None, findings: Findings) -> None:
        self.assumed = 0
        self._at_home = country is None or country.strip().casefold() in _AT_HOME
        self._zone: ZoneInfo | None = None
        for schedule in records_of(record, "eventSchedule", Findings("")):
            inside = findings.within(schedule, "eventSchedule")
            name = text_of(schedule, "scheduleTimezone", inside)
            if name and self._zone is None:
                self._zone = zone_of(name)
                if self._zone is None:
                    inside.mended(
                        "scheduleTimezone",
                        "this zone is not known and was left out.",
                        "Write it as Europe/London.",
                    )

    def local(self, record: Record, key: str, findings: Findings) -> date | datetime | None:
        """A date, or a time on the wall without a zone; ``None`` when neither is stated."""
        text = text_of(record, key, findings)
        if text is None:
            return None
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                return date.fromisoformat(text)
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                return moment
            zone = self._zone
            if zone is None and moment.utcoffset() != timedelta():
                return moment.replace(tzinfo=None)
            if zone is None and self._at_home:
                zone, self.assumed = zone_of(ASSUMED_ZONE), self.assumed + 1
            if zone is not None:
                return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        except (ValueError, OverflowError):
            findings.mended(key, "this is not a time and was left out.", "Write YYYY-MM-DDTHH:MM.")
            return None
        findings.mended(
            key,
            "it is in UTC and the zone of the place is not stated; it was left out.",
            "State scheduleTimezone, or write the offset of the place.",
        )
        return None


def zone_of(name: str) -> ZoneInfo | None:
    """The zone of this name, if there is one."""
    try:
        return ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        return None
