"""What a link worker knows, from profile to response: themes, dangers, harm, and what is avoided."""

from __future__ import annotations

import pytest

from making import TODAY, make_activity
from spmatch.config import Config
from spmatch.encoders.bilingual import BilingualEncoder
from spmatch.matcher import Matcher
from spmatch.suggestion import Response, Suggestion

GRIEF = make_activity(
    "grief",
    title="Sorggruppe",
    description="For dig, der har mistet din ægtefælle. Vi er seks, der mødes over kaffe.",
    text_language="da",
)
MEAL = make_activity(
    "meal",
    title="Fællesspisning",
    description="Vi laver mad og spiser sammen hver onsdag i beboerhuset.",
    text_language="da",
)
CUP = make_activity(
    "cup",
    title="Whist club",
    description="Whist every Monday. We play a tournament for the cup each month.",
    text_language="en",
)
JUST_CARDS = make_activity(
    "cards",
    title="Cards for fun",
    description="Whist and other card games. No competition, just play and a cup of tea.",
    text_language="en",
)
WINE = make_activity(
    "wine",
    title="Wine club",
    description="We taste five wines in good company and talk about anything.",
    text_language="en",
)
DEBT = make_activity(
    "debt",
    title="Debt advice",
    description="Free help with bills and unpaid loans. Bring your letters.",
    text_language="en",
)
ALL = (GRIEF, MEAL, CUP, JUST_CARDS, WINE, DEBT)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    open_floor = Config.of({"confidence": {"floor": 0.0}})
    return Matcher.build(ALL, encoder=BilingualEncoder(threads=1), config=open_floor)


def match(matcher: Matcher, **profile: str) -> Response:
    return matcher.match(profile, k=len(ALL), language="en", on=TODAY)


def one(response: Response, id: str) -> Suggestion:
    return next(each for each in response.suggestions if each.activity.id == id)


def part(suggestion: Suggestion, name: str) -> float:
    return sum(each.value for each in suggestion.contributions if each.name == name)


WIDOWER = (
    "Enkemand, 74. Dækker stadig op til to og lader radioen køre, så der er en stemme i huset."
)


def test_what_stands_between_the_lines_comes_first(matcher: Matcher) -> None:
    assert match(matcher, needs=WIDOWER).suggestions[0].activity.id == "grief"


def test_themes_are_a_contribution_of_their_own(matcher: Matcher) -> None:
    assert part(one(match(matcher, needs=WIDOWER), "grief"), "themes") > 0.05


def test_what_answers_has_more_of_it_than_what_does_not(matcher: Matcher) -> None:
    response = match(matcher, needs=WIDOWER)
    assert part(one(response, "grief"), "themes") > part(one(response, "debt"), "themes")


def test_the_reason_names_the_need_and_what_answers_it(matcher: Matcher) -> None:
    reasons = one(match(matcher, needs="Har mistet sin kone i foråret."), "grief").reasons
    assert reasons[0].startswith("What was written is about losing")


def test_contributions_still_add_up(matcher: Matcher) -> None:
    for each in match(matcher, needs=WIDOWER, avoid="noget med alkohol").suggestions:
        assert sum(p.value for p in each.contributions) == pytest.approx(each.score, abs=1e-9)


def test_an_edited_answer_changes_what_is_wanted() -> None:
    silent = {"themes": {"answers": {"bereaved_partner": {"grief_group": 0.0}}}}
    built = Matcher.build((GRIEF, DEBT), encoder=BilingualEncoder(threads=1))
    edited = Matcher(built._snapshot, Config.of(silent))
    need = {"needs": "Har mistet sin kone i foråret."}
    before = one(built.match(need, on=TODAY), "grief")
    assert part(one(edited.match(need, on=TODAY), "grief"), "themes") < part(before, "themes")


def test_nothing_competitive_pushes_down_the_tournament(matcher: Matcher) -> None:
    response = match(matcher, interests="Card games", avoid="Nothing competitive")
    assert part(one(response, "cup"), "avoid") < 0


def test_nothing_competitive_leaves_the_club_that_has_none(matcher: Matcher) -> None:
    response = match(matcher, interests="Card games", avoid="Nothing competitive")
    assert part(one(response, "cards"), "avoid") == 0


def test_what_a_need_refuses_is_avoided(matcher: Matcher) -> None:
    response = match(matcher, interests="Kortspil, men ikke noget med konkurrence")
    assert part(one(response, "cup"), "avoid") < 0


def test_the_trait_is_said(matcher: Matcher) -> None:
    cautions = one(match(matcher, interests="Cards", avoid="Nothing competitive"), "cup").cautions
    assert "competition" in " ".join(cautions).casefold()


def test_a_wine_club_could_harm_somebody_who_is_newly_sober(matcher: Matcher) -> None:
    response = match(matcher, needs="Sober for forty days and looking for company.")
    assert part(one(response, "wine"), "harm") == -Config.default().penalties.could_harm


def test_harm_is_the_first_caution(matcher: Matcher) -> None:
    response = match(matcher, needs="Sober for forty days and looking for company.")
    assert "alcohol" in one(response, "wine").cautions[0].casefold()


def test_a_wine_club_harms_nobody_else(matcher: Matcher) -> None:
    assert part(one(match(matcher, needs="New in town and likes company."), "wine"), "harm") == 0


def test_danger_raises_a_notice(matcher: Matcher) -> None:
    response = match(matcher, needs="Han slår hende, når han har drukket.")
    assert [notice.topic for notice in response.notices] == ["violence"]


def test_a_notice_says_what_to_do_and_whom_to_call(matcher: Matcher) -> None:
    notice = match(matcher, needs="Han slår hende, når han har drukket.").notices[0]
    assert notice.first
    assert any(contact.phone for contact in notice.contacts)


def test_ordinary_loneliness_raises_none(matcher: Matcher) -> None:
    assert match(matcher, needs="Lonely since he retired.").notices == ()


def test_a_notice_repeats_nothing_of_the_text(matcher: Matcher) -> None:
    notices = match(matcher, needs="Han slår Zxqvina, når han har drukket.").notices
    assert "Zxqvina" not in str(notices)


def test_another_encoder_has_no_themes() -> None:
    built = Matcher.build(ALL, encoder="baseline")
    names = {p.name for s in built.match({"needs": "bills"}).suggestions for p in s.contributions}
    assert "themes" not in names


def test_a_plan_comes_only_when_it_is_asked_for(matcher: Matcher) -> None:
    assert match(matcher, needs=WIDOWER).plan is None


def test_a_plan_covers_what_was_written(matcher: Matcher) -> None:
    plan = matcher.match({"needs": WIDOWER}, plan=True, on=TODAY).plan
    assert plan is not None
    assert {item.id for item in plan.items} <= {"grief", "meal"}


def test_every_part_of_a_score_says_what_it_came_from(matcher: Matcher) -> None:
    response = match(matcher, needs="Sober for forty days.", avoid="Nothing competitive")
    details = {p.name: p.detail for s in response.suggestions for p in s.contributions if p.value}
    assert all(details[name] for name in ("harm", "avoid", "themes"))


def test_a_trait_is_the_detail_of_what_it_takes_off(matcher: Matcher) -> None:
    response = match(matcher, interests="Card games", avoid="Nothing competitive")
    detail = next(p.detail for p in one(response, "cup").contributions if p.name == "avoid")
    assert "competition" in detail.casefold()
