"""Three years of postings of twenty municipalities: raw to audit against one plain SQL pass; then one new month."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

import psycopg

from bench.figure import Figure
from bench.landing import open_warehouse
from register.load import load as load_register
from warehouse import build
from warehouse.database import connect
from warehouse.settings import Settings

MUNICIPALITIES, YEARS = 20, (2023, 2024, 2025)
WHOLE_LIMIT, MONTH_LIMIT_PCT = 5.0, 3.0
MARTS = ("fct_cost_reconciliation", "int_measures__unioned", "fct_cost_keys", "fct_cost_destinations")


@dataclass(frozen=True)
class Size:
    """Of one municipality: postings a year, properties, PSP elements."""

    postings: int
    properties: int
    elements: int


SMALL, FULL = Size(25_000, 40, 100), Size(500_000, 400, 600)
CODES = [f"{100 + 2 * number:04d}" for number in range(MUNICIPALITIES)]
# Few elements and accounts have most postings, as in a real ledger. hashint8 of the row's number: the same every time.
POSTINGS_OF_MONTH = """
insert into raw_ledger_opus.postings (document_no, line_no, account, cost_centre, psp_element, profit_centre,
    debit_credit, amount, posting_date, document_date, registration_date, fiscal_year, period, document_type,
    municipality_code, delivery_id, row_no)
select (4900000000 + %(delivery)s * 100000 + n / 3)::text, (n %% 3 + 1)::text,
    (10 + account * 85 / 60) || lpad((account * 7919 %% 1000000)::text, 6, '0'),
    (7000000 + element)::text, 'XG-' || lpad(element::text, 10, '0') || '-00001', lpad((element %% 97)::text, 4, '0'),
    case when oere < 0 then 'Kredit' else 'Debet' end,
    case when oere < 0 then '-' else '' end
        || translate(to_char(abs(oere) / 100, 'FM999,999,990'), ',', '.')
        || ',' || lpad((abs(oere) %% 100)::text, 2, '0'),
    day, day, day, %(year)s::text, %(month)s::text, 'KR', %(code)s, %(delivery)s, n
from (
    select n,
        (%(elements)s * power((hashint8(n * 31 + %(delivery)s) & 65535) / 65536.0, 3))::integer %% %(elements)s
            as element,
        (60 * power((hashint8(n * 37 + %(delivery)s) & 65535) / 65536.0, 3))::integer %% 60 as account,
        (hashint8(n * 41 + %(delivery)s) & 16777215) - 1500000 as oere,
        lpad(((hashint8(n * 43) & 1023) %% 28 + 1)::text, 2, '0') || to_char(%(first)s::date, '-MM-YYYY') as day
    from generate_series(1, %(rows)s) as n
) as made
"""
# What an engineer would write who wants the ledger typed and summed, and nothing else.
PLAIN_TYPED = """
create table public.plain as
select municipality_code, delivery_id, row_no, document_no, line_no::integer as line_no, account, cost_centre,
    psp_element, profit_centre, document_type, fiscal_year::integer as fiscal_year, period::integer as period,
    replace(replace(amount, '.', ''), ',', '.')::numeric as amount_dkk,
    to_date(posting_date, 'DD-MM-YYYY') as posting_date, to_date(document_date, 'DD-MM-YYYY') as document_date,
    to_date(registration_date, 'DD-MM-YYYY') as registration_date
from raw_ledger_opus.postings
"""
PLAIN_SUMMED = """
create table public.plain_sums as
select municipality_code, fiscal_year, account, psp_element, cost_centre, sum(amount_dkk) as amount_dkk
from public.plain group by municipality_code, fiscal_year, account, psp_element, cost_centre
"""


def measure(full: bool) -> Iterator[Figure]:
    """Yield the ratio of a full build to the plain pass, and a new month's build as a share of the full one.

    Builds are whole dbt processes. With FULL=1 their whole time counts. In the small size the start alone is more than
    both limits, so what counts is the time beyond that of building the same models with nothing new.
    """
    size = FULL if full else SMALL
    with open_warehouse() as settings:
        land_all(settings, size)
        plain = plain_pass()
        say(f"plain pass {plain:.1f} s")
        build._run_dbt(settings, ["parse"], "the benchmark")  # an installation has read the project before
        whole = timed(
            lambda: build._run_dbt(settings, [*build.BUILD, *(f"+{mart}" for mart in MARTS)], "the benchmark")
        )
        say(f"full build {whole:.1f} s")
        nothing = build_changed(settings)
        say(f"build with nothing new {nothing:.1f} s")
        _land_month(CODES[0], YEARS[-1], 12, size)
        month = build_changed(settings)
        say(f"build with one new month {month:.1f} s")
        # Of a year that no statistics of the server know yet.
        _land_month(CODES[1], YEARS[-1] + 1, 1, size)
        year = build_changed(settings)
        say(f"build with the first month of a new year {year:.1f} s")
    idle = 0 if full else nothing
    yield Figure("ledger_full_build", (whole - idle) / plain, "x plain SQL pass", WHOLE_LIMIT)
    yield Figure("ledger_new_month", 100 * (month - idle) / whole, "pct of full build", MONTH_LIMIT_PCT)
    yield Figure("ledger_new_year", 100 * (year - idle) / whole, "pct of full build", MONTH_LIMIT_PCT)


def land_all(settings: Settings, size: Size) -> None:
    """Land masters and every month but the last one of the first municipality; load the mapping."""
    _configure(settings)
    _land_masters(size)
    for code in CODES:
        for year in YEARS:
            for month in range(1, 13):
                if (code, year, month) != (CODES[0], YEARS[-1], 12):
                    _land_month(code, year, month, size)
    load_register(settings)
    with connect("ejd_transformer", settings=settings) as connection:
        connection.execute("select ops.renew_statistics('ops')")  # as the start of a build does
    say(f"landed {len(CODES) * len(YEARS) * size.postings} postings")


def _configure(settings: Settings) -> None:
    heading = "priority,account,function,cost_category,split,split_uses\n"
    categories = ("C_EL", "C_VARME", "C_VAND", "C_RENG", "C_OEVR", "C_VEDL_PL", "C_VEDL_AK", "C_FORS", "C_IKKE")
    rules = [f"{10 + number % 3},{10 + number}*,,{categories[number % 9]},," for number in range(0, 80, 2)]
    rules += ["1,1100*,,C_TERRAEN,area,", "1,2200*,,C_FORV,area,school daycare", "5,45*,52514,C_VEDL_AK,,"]
    for code in CODES:
        folder = settings.municipalities / code
        folder.mkdir(parents=True)
        (folder / "sources.yml").write_text(f'municipality_code: "{code}"\nname: Opdigtet {code} (fiktiv)\n')
        (folder / "account_rules.csv").write_text(heading + "\n".join(rules) + "\n")


MASTERS = {
    ("ledger_opus", "psp_elements"): """
insert into raw_ledger_opus.psp_elements
    (psp_element, name, function, dranst, ownership, property_no, municipality_code, delivery_id, row_no)
select 'XG-' || lpad(n::text, 10, '0') || '-00001', 'Sted ' || n,
    case n %% 4 when 0 then '32201' when 1 then '52514' when 2 then '64550' else '02510' end, '1', '1',
    case when n %% 12 > 0 then 'P' || n %% %(properties)s end, %(code)s, %(delivery)s, n
from generate_series(0, %(elements)s - 1) as n
""",
    ("fm_files", "properties"): """
insert into raw_fm_files.properties (property_no, name, use, tenure, municipality_code, delivery_id, row_no)
select 'P' || n, 'Ejendom ' || n,
    case n %% 4 when 0 then 'Folkeskole' when 1 then 'Børnehave' when 2 then 'Rådhus' else 'Idrætshal' end, 'Ejet',
    %(code)s, %(delivery)s, n
from generate_series(0, %(properties)s - 1) as n
""",
    ("fm_files", "buildings"): """
insert into raw_fm_files.buildings (property_no, building_no, gross_area, municipality_code, delivery_id, row_no)
select 'P' || n, '1', (200 + n * 7)::text, %(code)s, %(delivery)s, n from generate_series(0, %(properties)s - 1) as n
""",
}


def _land_masters(size: Size) -> None:
    with connect("owner") as connection:
        for code in CODES:
            for (source, stream), statement in MASTERS.items():
                delivery = _delivery(connection, source, stream, code, None)
                bound = {"code": code, "delivery": delivery, **asdict(size)}
                connection.execute(statement.encode(), bound)


def _land_month(code: str, year: int, month: int, size: Size) -> None:
    first = date(year, month, 1)
    rows = size.postings // 12
    window = (first, date(year + month // 12, month % 12 + 1, 1))
    with connect("owner") as connection:
        connection.execute("select ops.ensure_partition('raw_ledger_opus.postings', %s)", [code])
        delivery = _delivery(connection, "ledger_opus", "postings", code, window, rows)
        bound = {
            "code": code,
            "delivery": delivery,
            "year": year,
            "month": month,
            "first": first,
            "rows": rows,
            "elements": size.elements,
        }
        connection.execute(POSTINGS_OF_MONTH.encode(), bound)


def _delivery(
    connection: psycopg.Connection,
    source: str,
    stream: str,
    code: str,
    window: tuple[date, date] | None,
    rows: int | None = None,
) -> int:
    start, end = window or (None, None)
    row = connection.execute(
        "insert into ops.deliveries (source, stream, municipality_code, load_kind, window_from, window_to, state, "
        "decimal_mark, thousands_mark, file_name, content_sha256, profile_sha256, byte_size, stored_path, row_count, "
        "landed_at) values (%s, %s, %s, %s, %s, %s, 'landed', ',', '.', 'bench', 'x', 'x', 0, 'x', %s, now()) "
        "returning delivery_id",
        [source, stream, code, "window" if window else "snapshot", start, end, rows],
    ).fetchone()
    assert row is not None
    return int(row[0])


def plain_pass() -> float:
    """Seconds of typing and summing the raw rows with plain SQL."""
    with connect("owner", autocommit=True) as connection:
        connection.execute("analyze raw_ledger_opus.postings")
        connection.execute("checkpoint")
        start = time.perf_counter()
        connection.execute(PLAIN_TYPED.encode())
        connection.execute(PLAIN_SUMMED.encode())
        seconds = time.perf_counter() - start
        connection.execute("drop table public.plain, public.plain_sums")
        connection.execute("checkpoint")
    return seconds


def build_changed(settings: Settings) -> float:
    """Seconds of making what postings reach, of what was built: one dbt process, its start included."""
    years = build.observed_years(settings)
    return timed(lambda: build.make_changed(settings, ["ledger_opus.postings"], toward=MARTS, years=years))


def timed(work: Callable[[], None]) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def say(line: str) -> None:
    """Tell on standard error how far it is."""
    sys.stderr.write(f"{line}\n")
