"""What the gazetteer knows of the addresses of a source, each asked for once."""

from __future__ import annotations

from spmatch.activity import Place
from spmatch.errors import PlaceError
from spmatch.geography import Gazetteer, Placed

# A search for a name that is not known takes milliseconds. A gazetteer that knows next to nothing of the
# first hundred addresses is of another country, and is not asked for the next hundred thousand.
_TRIED = 100
_KNOWN_AT_LEAST = 0.05


class Towns:
    """Postcodes and towns of a source, as a gazetteer knows them; without one nothing is known."""

    def __init__(self, gazetteer: Gazetteer | None) -> None:
        self._gazetteer = gazetteer
        self._placed: dict[tuple[str | None, str | None], Placed | None] = {}
        self._codes: dict[str, bool] = {}
        self._known = 0

    def placed(self, place: Place | None) -> Placed | None:
        """Where an address lies by its postcode and town; ``None`` when they are not known."""
        if self._gazetteer is None or place is None or not (place.postcode or place.town):
            return None
        key = (place.postcode, place.town)
        if key not in self._placed:
            if self._is_of_another_country():
                return None
            self._placed[key] = self._gazetteer.place(
                Place(postcode=place.postcode, town=place.town)
            )
            self._known += self._placed[key] is not None
        return self._placed[key]

    def knows_postcode(self, code: str) -> bool:
        """Whether this is a postcode, written in just this way."""
        if self._gazetteer is None or not code:
            return False
        if code not in self._codes:
            if self._is_of_another_country():
                return False
            try:
                self._gazetteer.postcode(code)
                self._codes[code] = True
            except PlaceError:
                self._codes[code] = False
        return self._codes[code]

    def _is_of_another_country(self) -> bool:
        tried = len(self._placed)
        return tried >= _TRIED and self._known < _KNOWN_AT_LEAST * tried
