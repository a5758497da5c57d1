"""A real directory through the report, where it lies beside the checkout."""

from __future__ import annotations

from pathlib import Path

import pytest
from reported import ON

from spmatch.catalogue import Catalogue
from spmatch.quality import QualityReport, SourceResult, build_report

ILAO = Path(__file__).parents[3] / "shared" / "data" / "feeds" / "hsds-1.1-ilao"

pytestmark = pytest.mark.skipif(
    not ILAO.is_dir(), reason="the shared feeds are not beside the checkout"
)


@pytest.fixture(scope="module")
def report() -> QualityReport:
    read = Catalogue.read(ILAO)
    return build_report([SourceResult("ilao", read.activities, read.problems)], ON)


def test_every_service_is_counted(report: QualityReport) -> None:
    # services.csv has 429 records with an id and a name.
    assert report.whole.activities == 429


def test_services_without_a_location_are_not_placed(report: QualityReport) -> None:
    # No file links a service to a location, and no service is held online or by phone.
    assert report.whole.placing.not_placed.count == 429


def test_fees_in_words_are_no_prices(report: QualityReport) -> None:
    # The column "fees" holds words alone.
    assert report.whole.stated("cost").count == 0


def test_where_it_meets_is_the_first_question(report: QualityReport) -> None:
    first = report.whole.questions[0]
    assert (first.key, first.activities.count) == ("distance.place", 429)


def test_the_row_without_id_and_name_is_rejected_once(report: QualityReport) -> None:
    rejected = report.whole.problems.effects[0]
    assert (rejected.problems, rejected.places) == (2, 1)
