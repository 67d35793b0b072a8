"""The checks of values, set-based: one query gathers what occurs, Python judges it, and only bad rows are touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import psycopg
from psycopg import sql

from connectors.copying import Loaded, Target
from connectors.declarations import Checks, Delivery, NumberFormat
from connectors.errors import MalformedRowsError, MissingColumnError, Place, WrongMunicipalityError
from connectors.values import date_judge, number_judge, spellings

GROUPS_AT_ONCE = 1000
PARALLEL_FROM = 200_000


@dataclass(frozen=True, eq=False)
class Check:
    """One column's check: what to group rows by, which of the groups' keys are bad, and what to say of them."""

    column: str
    key: sql.Composable
    is_bad: Callable[[Any], bool]
    reason: str
    is_municipality: bool = False


@dataclass(frozen=True)
class Landed:
    """Rows in the raw table that have not been judged yet."""

    connection: psycopg.Connection
    delivery: Delivery
    delivery_id: int
    target: Target
    loaded: Loaded
    place: Place

    @property
    def total(self) -> int:
        """Rows of the file, ill-formed ones too."""
        return self.loaded.row_count + len(self.loaded.bad_rows)


@dataclass
class Judgement:
    """What the checks found. `control_total` is the sum over good rows, None while it is not known."""

    rejected: int
    control_total: Decimal | None = None
    bad_keys: dict[Check, set[Any]] = field(default_factory=dict)
    faults: Counter[Check] = field(default_factory=Counter)


def check_rows(landed: Landed) -> Judgement:
    """Judge the rows of a delivery and move bad ones to `rejected_rows`.

    Raises:
        MalformedRowsError, WrongMunicipalityError: more bad rows than the delivery may have.
        MissingColumnError: the column of the control total is not in the file.
    """
    control = _control_expression(landed)
    inspector = landed.loaded.inspector
    if inspector.is_clean:
        return Judgement(0, inspector.control_total)
    if landed.total > PARALLEL_FROM:
        # Fresh rows have no statistics: say outright that there are many of them.
        landed.connection.execute("set local parallel_setup_cost = 0; set local parallel_tuple_cost = 0")
    landed.connection.execute("set local enable_sort = off")
    checks = plan_checks(landed.delivery, set(landed.loaded.layout.columns))
    judgement = _judge(landed, checks, control)
    _note_ill_formed(landed)
    for check, keys in judgement.bad_keys.items():
        _move_bad_rows(landed, check, keys)
    if control is not None and judgement.control_total is None:
        judgement.control_total = _sum(landed, control)
    return judgement


def plan_checks(delivery: Delivery, present: set[str]) -> list[Check]:
    """The checks of the columns that the file has; the order decides which reason a row gets."""
    declared, code = delivery.checks, delivery.municipality_code
    checks = []
    if declared.municipality_column in present:
        known = spellings(code)
        column = str(declared.municipality_column)
        key = sql.SQL("(trim({}) = any({})) is not true").format(sql.Identifier(column), known)
        checks.append(Check(column, key, bool, f"the row is not of municipality {code}", is_municipality=True))
    for column in sorted(declared.required_values & present):
        key = sql.SQL("({0} is null or starts_with({0}, ' ') and trim({0}) = '')").format(sql.Identifier(column))
        checks.append(Check(column, key, bool, "the value is missing"))
    for column, number in _numbers(declared).items():
        if column in present:
            key = sql.SQL("translate({}, '012345678', '999999999')").format(sql.Identifier(column))
            checks.append(Check(column, key, _rejects(number_judge(number)), "the value is no number as declared"))
    for column, formats in declared.dates.items():
        if column in present:
            reason = f"the value is no date of the form {' or '.join(formats)}"
            checks.append(Check(column, sql.Identifier(column), _rejects(date_judge(formats)), reason))
    return checks


def number_expression(column: str, number: NumberFormat) -> sql.Composable:
    """SQL that reads a column of well-written numbers as numeric."""
    text: sql.Composable = sql.Identifier(column)
    if number.thousands:
        text = sql.SQL("replace({}, {}, '')").format(text, number.thousands)
    if number.decimal != ".":
        text = sql.SQL("replace({}, {}, '.')").format(text, number.decimal)
    if number.trailing_minus:
        text = sql.SQL("case when {0} like '%-' then '-' || rtrim({0}, ' -') else {0} end").format(text)
    return sql.SQL("({})::numeric").format(text)


def _rejects(judge: Callable[[str], bool]) -> Callable[[str | None], bool]:
    # A missing value is `required_values`' business.
    return lambda value: value is not None and not judge(value)


def _numbers(checks: Checks) -> dict[str, NumberFormat]:
    summed = {} if checks.control is None else {checks.control.column: NumberFormat()}
    return {**summed, **checks.numbers}


def _control_expression(landed: Landed) -> sql.Composable | None:
    control = landed.delivery.checks.control
    if control is None:
        return None
    for column in (control.column, control.sign_column):
        if column is not None and column not in landed.loaded.layout.columns:
            raise MissingColumnError(
                landed.place,
                f"the control total needs {column}, which the file does not have",
                "correct the control total in sources.yml",
            )
    amount = number_expression(control.column, _numbers(landed.delivery.checks)[control.column])
    if control.sign_column is None:
        return amount
    return sql.SQL("case when lower(trim({})) = any({}) then -{} else {} end").format(
        sql.Identifier(control.sign_column), sorted(control.negative_values), amount, amount
    )


def _judge(landed: Landed, checks: list[Check], control: sql.Composable | None) -> Judgement:
    landed.connection.execute("savepoint judging")
    try:
        return _gather(landed, checks, control)
    except psycopg.DataError:
        # A value that is no number stopped the sum: judge without it and sum what is left.
        landed.connection.execute("rollback to savepoint judging")
    return _gather(landed, checks, None)


def _gather(landed: Landed, checks: list[Check], control: sql.Composable | None) -> Judgement:
    keys = sql.SQL("").join(sql.SQL("{}, ").format(check.key) for check in checks)
    groups = sql.SQL(", ").join(map(sql.Literal, range(1, len(checks) + 1)))
    query = sql.SQL("select {} count(*), {} from {} where delivery_id = {} {}").format(
        keys,
        sql.SQL("null::numeric") if control is None else sql.SQL("sum({})").format(control),
        landed.target.name,
        landed.delivery_id,
        sql.SQL("group by {}").format(groups) if checks else sql.SQL(""),
    )
    judgement = Judgement(len(landed.loaded.bad_rows), None if control is None else Decimal(0))
    with landed.connection.cursor() as cursor:
        # Streamed, not a server-side cursor: those are never planned in parallel.
        for *values, rows, amount in cursor.stream(query, size=GROUPS_AT_ONCE):
            bad = next((pair for pair in zip(checks, values, strict=True) if pair[0].is_bad(pair[1])), None)
            if bad is not None:
                check, key = bad
                judgement.rejected += rows
                judgement.faults[check] += rows
                judgement.bad_keys.setdefault(check, set()).add(key)
                _refuse_too_many(landed, judgement)
            elif judgement.control_total is not None:
                judgement.control_total += amount or 0
    _refuse_too_many(landed, judgement)
    return judgement


def _refuse_too_many(landed: Landed, judgement: Judgement) -> None:
    share = landed.delivery.checks.max_rejected_share
    if judgement.rejected <= share * landed.total:
        return
    place, problem = landed.place, f"more than {share:.0%} of {landed.total} rows are unusable"
    ill_formed = landed.loaded.bad_rows
    if not judgement.faults:
        there = replace(place, row=ill_formed[0].row_no)
        raise MalformedRowsError(there, f"{ill_formed[0].reason}, and {problem}", "ask for a file in the declared form")
    check, _ = judgement.faults.most_common(1)[0]
    there = replace(place, field=check.column)
    if check.is_municipality:
        raise WrongMunicipalityError(there, f"{check.reason}, and {problem}", "deliver it for its own municipality")
    raise MalformedRowsError(there, f"{check.reason}, and {problem}", "correct the file, or its declaration")


def _note_ill_formed(landed: Landed) -> None:
    rows = landed.loaded.bad_rows
    if not rows:
        return
    table = sql.Identifier(landed.target.schema, "rejected_rows")
    statement = sql.SQL("copy {} (delivery_id, stream, row_no, reason) from stdin").format(table)
    with landed.connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row((landed.delivery_id, landed.delivery.stream, row.row_no, row.reason))


def _move_bad_rows(landed: Landed, check: Check, keys: set[Any]) -> None:
    statement = sql.SQL(
        "with bad as (delete from {} where delivery_id = %s and {} = any(%s) returning row_no) "
        "insert into {} (delivery_id, stream, row_no, field, reason) select %s, %s, row_no, %s, %s from bad"
    ).format(landed.target.name, check.key, sql.Identifier(landed.target.schema, "rejected_rows"))
    lineage = (landed.delivery_id, landed.delivery.stream)
    landed.connection.execute(statement, (landed.delivery_id, sorted(keys), *lineage, check.column, check.reason))


def _sum(landed: Landed, control: sql.Composable) -> Decimal:
    query = sql.SQL("select coalesce(sum({}), 0) from {} where delivery_id = {}").format(
        control, landed.target.name, landed.delivery_id
    )
    row = landed.connection.execute(query).fetchone()
    return Decimal(row[0]) if row is not None else Decimal(0)
