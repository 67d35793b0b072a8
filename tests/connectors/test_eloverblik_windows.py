"""eloverblik: which months are read, and in how long a question."""

from __future__ import annotations

from datetime import date

import pytest

from connectors.eloverblik.documents import local_day, read_answer, rows_of
from connectors.eloverblik.services import LeftOut, ask_in_batches
from connectors.eloverblik.windows import Month, join_months, list_months
from connectors.errors import AuthenticationError, Place, RequestRefusedError, TooMuchAskedError, UnexpectedContentError

PLACE = Place("eloverblik", "readings", "0992")
TODAY = date(2026, 3, 10)
POINT = "571313100000000011"


def listed(**given: object) -> list[Month]:
    options = {"first_year": None, "since": None, "is_known": lambda month: False, **given}
    return list_months(TODAY, **options)  # type: ignore[arg-type]


def test_history_is_this_year_and_the_five_before_it() -> None:
    assert listed()[0].start == date(2021, 1, 1)
    assert listed(first_year=2012)[0].start == date(2021, 1, 1)
    assert listed(since=date(2012, 5, 6))[0].start == date(2021, 1, 1)
    assert listed(since=date(2025, 5, 6))[0].start == date(2025, 5, 1)


def test_the_end_is_exclusive_and_never_in_the_future() -> None:
    last = listed()[-1]
    assert (last.start, last.end, last.until) == (date(2026, 3, 1), date(2026, 4, 1), TODAY)


def test_a_month_that_begins_today_is_not_asked_for_because_from_may_not_be_to() -> None:
    assert list_months(date(2026, 3, 1), None, None, lambda month: False)[-1].start == date(2026, 2, 1)


def test_known_months_are_read_again_for_a_year_and_those_that_were_not_over_are_not_known() -> None:
    known = {"2024-06", "2025-02", "2025-03", "2024-07 until 2024-07-09"}
    found = [f"{month.start:%Y-%m}" for month in listed(first_year=2024, is_known=lambda month: month.version in known)]
    assert "2024-06" not in found and "2025-02" not in found
    assert "2024-07" in found and "2025-03" in found


def test_a_question_covers_at_most_730_days_also_over_a_leap_year() -> None:
    spans = list(join_months(listed(), "Month"))
    assert all((span[-1].end - span[0].start).days <= 730 for span in spans)
    assert [f"{span[0].start:%Y-%m}" for span in spans] == ["2021-01", "2023-01", "2024-12"]
    assert all(len(span) == 1 for span in join_months(listed(), "Hour"))


def test_months_with_a_gap_between_them_are_two_questions() -> None:
    first, second = listed()[0], listed()[2]
    assert [len(span) for span in join_months([first, second], "Month")] == [1, 1]


def answer(**series: object) -> bytes:
    import json

    one = {"success": True, "errorCode": 10000, "id": POINT, "MyEnergyData_MarketDocument": {"TimeSeries": [series]}}
    return json.dumps({"result": [one]}).encode()


@pytest.mark.parametrize("resolution", ["PT15M", "PT1H", "PT1D", "P1D", "P1M", "PT1Y", "P1Y"])
def test_every_live_resolution_lands_as_written_and_a_missing_quantity_is_kept_empty(resolution: str) -> None:
    period = {
        "resolution": resolution,
        "timeInterval": {"start": "2025-12-31T23:00:00Z", "end": "2026-01-01T23:00:00Z"},
        "Point": [{"position": "1", "out_Quantity.quantity": None, "out_Quantity.quality": "A02"}],
    }
    content = answer(businessType="A04", Period=[period], **{"measurement_Unit.name": "KWH"})
    (readings,) = read_answer(content, PLACE)
    text, outside = rows_of(readings, lambda day: day == date(2026, 1, 1), PLACE)
    assert text == f"{POINT},A04,KWH,{resolution},2025-12-31T23:00:00Z,2026-01-01T23:00:00Z,1,,A02\n"
    assert outside == 0
    assert rows_of(readings, lambda day: False, PLACE) == ("", 1)


def test_an_odd_value_stays_one_value_of_its_row() -> None:
    period = {
        "resolution": "PT1H",
        "timeInterval": {"start": "2025-12-31T23:00:00Z", "end": "2026-01-01T23:00:00Z"},
        "Point": [{"position": 1, "out_Quantity.quantity": "1,5", "out_Quantity.quality": "A04\nx"}],
    }
    (readings,) = read_answer(answer(businessType="A04", Period=[period]), PLACE)
    text, _ = rows_of(readings, lambda day: True, PLACE)
    interval = "2025-12-31T23:00:00Z,2026-01-01T23:00:00Z"
    assert text == f'{POINT},A04,,PT1H,{interval},1,"1,5","A04\nx"\n'


@pytest.mark.parametrize("content", [b"<html></html>", b"[]", b'{"result": "text"}', b'{"result": null}', b""])
def test_another_answer_than_the_protocol_has_is_refused(content: bytes) -> None:
    with pytest.raises(UnexpectedContentError):
        read_answer(content, PLACE)


def test_a_time_that_is_not_utc_is_refused() -> None:
    assert local_day("2025-06-30T22:00:00Z", PLACE) == date(2025, 7, 1)
    for text in ("2025-06-30T22:00:00", "30-06-2025", ""):
        with pytest.raises(UnexpectedContentError):
            local_day(text, PLACE)


class Result:
    def __init__(self, metering_point_id: str, code: str = "10000") -> None:
        self.metering_point_id, self.code = metering_point_id, code


def asked(ids: list[str], codes: dict[str, list[str]]) -> tuple[list[list[str]], list[str], LeftOut]:
    """Ask for `ids`; a point answers its `codes` in turn, then 10000."""
    questions: list[list[str]] = []
    left_out = LeftOut()

    def ask(batch: list[str]) -> list[Result]:
        questions.append(list(batch))
        return [Result(one, codes[one].pop(0) if codes.get(one) else "10000") for one in batch]

    good = [result.metering_point_id for _, found in ask_in_batches(ids, ask, left_out, PLACE) for result in found]  # type: ignore[arg-type,type-var]
    return questions, good, left_out


def test_a_passing_fault_of_one_point_is_asked_for_again_alone() -> None:
    questions, good, left_out = asked(["a1", "b2"], {"b2": ["30011"]})
    assert (questions, good, left_out.tails) == ([["a1", "b2"], ["b2"]], ["a1", "b2"], {})


@pytest.mark.parametrize("code", ["10004", "30012"])
def test_too_much_for_one_answer_halves_the_batch_and_leaves_out_a_point_that_is_too_much_alone(code: str) -> None:
    questions, good, left_out = asked(["a1", "b2", "c3", "d4"], {"c3": [code] * 3})
    assert questions == [["a1", "b2", "c3", "d4"], ["a1", "b2"], ["c3", "d4"], ["c3"], ["d4"]]
    assert good == ["a1", "b2", "d4"]
    assert left_out.tails == {"10004": ["c3"]}


def test_a_wrong_question_or_token_ends_the_pull() -> None:
    with pytest.raises(RequestRefusedError):
        asked(["a1"], {"a1": ["30003"]})
    with pytest.raises(AuthenticationError):
        asked(["a1"], {"a1": ["50001"]})


def test_a_point_that_the_answer_leaves_out_is_counted() -> None:
    left_out = LeftOut()
    found = list(ask_in_batches(["a1"], lambda batch: [], left_out, PLACE))
    assert found == [(1, [])]
    (warning,) = left_out.warnings(PLACE)
    assert "code none (left out of the answer), ending in a1" in warning


def test_a_batch_refused_as_a_whole_is_halved() -> None:
    def ask(batch: list[str]) -> list[Result]:
        if len(batch) > 1:
            raise TooMuchAskedError(PLACE, "answered 413", "ask for less")
        return [Result(one) for one in batch]

    found = list(ask_in_batches(["a", "b", "c"], ask, LeftOut(), PLACE))  # type: ignore[arg-type]
    assert [count for count, _ in found] == [1, 1, 1]
