"""What the gazetteer knows of the addresses of a source, each placed once."""

from __future__ import annotations

from spmatch.activity import Place
from spmatch.geography import Gazetteer, Placed


class Towns:
    """Postcodes and towns of a source, as a gazetteer knows them; without one nothing is known."""

    def __init__(self, gazetteer: Gazetteer | None) -> None:
        self._gazetteer = gazetteer
        self._placed: dict[tuple[str | None, str | None], Placed | None] = {}

    def placed(self, place: Place | None) -> Placed | None:
        """Where an address lies by its postcode and town; ``None`` when they are not known."""
        if self._gazetteer is None or place is None or not (place.postcode or place.town):
            return None
        key = (place.postcode, place.town)
        if key not in self._placed:
            self._placed[key] = self._gazetteer.place(
                Place(postcode=place.postcode, town=place.town)
            )
        return self._placed[key]

    def knows_postcode(self, code: str) -> bool:
        """Whether this is a postcode, written in just this way."""
        return self._gazetteer is not None and self._gazetteer.spelling_of(code) == code
