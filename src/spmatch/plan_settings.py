"""The settings of a weekly plan."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from spmatch.words import Record

Share = Annotated[float, Field(ge=0, le=1)]


class PlanSettings(Record):
    """How a weekly plan is chosen. Values are shares of all that the person asks for, 0 to 1."""

    activities: int = Field(ge=1, le=5, description="at most so many in a plan")
    candidates: int = Field(ge=1, le=40, description="of how many the best plan is sought")
    covers_from: Share = Field(description="a weaker answer to a need counts as none")
    gain_min: Annotated[float, Field(gt=0, le=1)] = Field(
        description="what each activity must add to the others, of all that is asked for"
    )
    score_share: Share = Field(description="how much the scores count beside what is covered")
    same_day: Share = Field(description="taken off for each further activity on one day")
    not_stated: Share = Field(description="taken off an activity for its time, and for its price")
    travel_minutes: int = Field(ge=0, le=720, description="between two sessions on one day")
    assumed_minutes: int = Field(
        ge=1, le=1440, description="how long a session is taken to last whose end is not stated"
    )
