"""The promises of the design, each on the published demo. Promises 2, 3 and 9 have more in test_kill and in landing."""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal

from rich.console import Console

from register.read import read_register
from tests.chain.conftest import Chain
from warehouse.pipeline import run
from warehouse.report import show_key_figures


def test_1_every_krone_is_mapped_or_visibly_unmapped(chain: Chain) -> None:
    rows = chain.rows(
        "select municipality_code, year, function_code, accepted_dkk, mapped_dkk, unmapped_dkk, difference_dkk "
        "from audit.fct_cost_reconciliation",
        role="ejd_publisher",
    )
    truth = {(a.municipality_code, a.year, a.function_code): (a.dkk, a.unmapped_dkk) for a in chain.truth.accepted}
    assert {
        (m, y, "" if f == "unknown" else f): (accepted, unmapped) for m, y, f, accepted, _, unmapped, _ in rows
    } == truth
    assert all(accepted == mapped + unmapped and difference == 0 for *_, accepted, mapped, unmapped, difference in rows)
    # 0993's schools of 2025 are held, their unmapped kroner with them
    visible = dict(
        chain.rows(
            "select municipality_code, sum(amount) from marts.measures where measure_code = 'C_UMAPPED' "
            "and not (municipality_code = '0993' and year = 2025) group by 1"
        )
    )
    for code in ("0991", "0992", "0993"):
        unmapped = [a for a in chain.truth.accepted if a.municipality_code == code]
        assert visible[code] == sum(a.unmapped_dkk for a in unmapped if (code, a.year) != ("0993", 2025)) != 0


def test_2_readers_see_one_edition_of_each_scope(chain: Chain) -> None:
    mixed = chain.rows(
        "select municipality_code, topic, year from (select municipality_code, topic, year, edition_id "
        "from marts.key_figures union select municipality_code, topic, year, edition_id from marts.measures "
        "union select municipality_code, topic, year, edition_id from marts.coverage) e "
        "group by 1, 2, 3 having count(*) > 1"
    )
    assert mixed == []


def test_3_and_10_a_second_run_finds_nothing_new_and_writes_no_row(chain: Chain) -> None:
    def state() -> list[tuple]:
        return chain.rows(
            "select schemaname, relname, n_tup_ins, n_tup_upd, n_tup_del from pg_stat_user_tables "
            "where schemaname like 'raw\\_%%' or schemaname in ('audit', 'published', 'register') order by 1, 2",
            role="owner",
        )

    deliveries = "select count(*), max(delivery_id) from ops.deliveries"
    before, landed = state(), chain.rows(deliveries, role="owner")
    report = run(chain.settings)
    assert report.candidate_id is None
    assert report.failures == []
    assert set(Counter(result.outcome for result in report.results)) <= {"unchanged", "still_rejected"}
    assert state() == before
    assert chain.rows(deliveries, role="owner") == landed


def test_4_the_key_figures_published_are_those_declared_and_no_others(chain: Chain) -> None:
    declared = {(figure.code, figure.version) for figure in read_register().key_figures}
    assert len(declared) == 95
    assert set(chain.rows("select key_figure_code, version from marts.dim_key_figures")) == declared
    assert set(chain.rows("select distinct key_figure_code, version from marts.key_figures")) == declared


def test_5_a_ratio_is_sum_over_sum_with_both_parts_beside_it(chain: Chain) -> None:
    wrong = chain.rows(
        "select k.key_figure_code from marts.key_figures k join marts.dim_key_figures d "
        "using (key_figure_code, version) where k.value is not null and "
        "abs(k.value - d.scale * k.numerator / k.denominator) > 0.000001"
    )
    assert wrong == []
    parts = chain.rows(
        "select k.numerator, k.denominator, "
        "sum(m.amount) filter (where m.measure_code in ('C_EL', 'C_VARME', 'C_KOEL') and m.tenure <> 'let_out'), "
        "sum(m.amount) filter (where m.measure_code = 'A_OPV') "
        "from marts.key_figures k join marts.measures m using (municipality_code, year) "
        "where k.key_figure_code = 'GEN-12' and k.year = 2024 and k.municipality_code = '0991' "
        "and k.level = 'municipality' group by 1, 2"
    )
    assert [(row[0], row[1]) for row in parts] == [(row[2], row[3]) for row in parts] != []


def test_6_a_value_is_missing_exactly_where_a_status_says_why(chain: Chain) -> None:
    rows = chain.rows("select value, status_code, reason from marts.key_figures")
    assert any(value is None for value, _, _ in rows)
    for value, status, reason in rows:
        assert (value is None) == (status in ("x", "m", "c", "z"))
        assert (value is None) == (reason is not None)


def test_a_table_says_of_every_missing_value_why(chain: Chain) -> None:
    shown = io.StringIO()
    count = show_key_figures(Console(file=shown, width=300), chain.settings, 2025)
    rows = [[cell.strip() for cell in line.split("│")] for line in shown.getvalue().splitlines() if "│" in line]
    reasons = {code: reason for _, code, *_, reason, _ in rows}
    assert reasons["SKO-01"] == "0993: not published, see `ejendomstal gate show`"
    assert reasons["GEN-04"] == "0993: C_RENG of school 2025 is held: unit_factor"
    assert all(("–" in row[5:8]) == (row[8] != "") for row in rows)
    assert count == sum(cell != "–" for row in rows for cell in row[5:8]) > 2 * len(rows)


def test_7_one_municipalitys_fault_leaves_the_others_alone(chain: Chain) -> None:
    scopes = set(chain.rows("select distinct municipality_code, topic, year from marts.key_figures"))
    topics = {"administration", "schools_daycare", "culture_leisure", "maintenance", "general"}
    everything = {(m, t, y) for m in ("0991", "0992", "0993") for t in topics for y in (2023, 2024, 2025)}
    assert everything - scopes == {("0993", "schools_daycare", 2025)}


def test_8_the_past_can_be_asked_for(chain: Chain) -> None:
    first = chain.rows("select min(published_at) from marts.editions")[0][0]
    assert chain.rows("select count(*) from marts.key_figures_as_of(%(t)s - interval '1 microsecond')", t=first) == [
        (0,)
    ]
    then = chain.rows("select * from marts.key_figures_as_of(%(t)s) order by 2, 3, 4, 5, 6, 7, 8", t=first)
    assert then == chain.rows("select * from marts.key_figures order by 2, 3, 4, 5, 6, 7, 8")
    assert len(then) > 100


def test_9_no_column_for_persons_and_no_text_of_a_posting_is_in_the_warehouse(chain: Chain) -> None:
    ledger = chain.target / "sources" / "0991" / "ledger" / "posteringer_2025-03.csv"
    heading, *lines = ledger.read_text(encoding="cp1252").splitlines()
    text_at = heading.split(";").index("Tekst")
    texts = {line.split(";")[text_at] for line in lines if line.count(";") == heading.count(";")} - {""}
    assert texts
    columns = chain.rows(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_schema like 'raw\\_%%' and (column_name like '%%tekst%%' "
        "or column_name like '%%text%%' or column_name like '%%mail%%' "
        "or column_name like '%%supplier%%' or column_name like '%%notat%%' or column_name like '%%responsible%%')",
        role="owner",
    )
    assert set(columns) <= {("raw_dar", "husnummer", "husnummertekst")}  # the number of a house, as text
    kept = [path for path in (chain.settings.home / "deliveries" / "ledger_opus").rglob("*") if path.is_file()]
    assert kept
    for text in texts:
        assert not any(text.encode("cp1252") in path.read_bytes() for path in kept), text


def test_every_planted_defect_had_its_effect(chain: Chain) -> None:
    outcomes = Counter((r.source, r.stream, r.outcome) for r in chain.report.results)
    assert (
        outcomes["ledger_opus", "postings", "unchanged"] + outcomes["ledger_prisme", "postings", "unchanged"]
        == (chain.truth.defects["ledger_batches_sent_again"])
    )
    rejected = chain.rows("select source, error_class from ops.deliveries where state = 'rejected'", role="owner")
    assert rejected == [("fm_files", "WrongMunicipalityError")]
    warned = chain.rows("select count(*) from ops.deliveries where warnings::text like '%%total%%'", role="owner")
    assert warned == [(chain.truth.defects["ledger_control_totals_off_by_one_oere"],)]
    wrong_rows = chain.rows("select coalesce(sum(rejected_row_count), 0) from ops.deliveries where source = 'bbr' "
                            "and state = 'landed'", role="owner")  # fmt: skip
    assert wrong_rows == [(Decimal(chain.truth.defects["bbr_rows_of_another_municipality"]),)]
    unmapped = chain.rows("select count(*) from raw_ledger_opus.rejected_rows", role="owner")
    assert unmapped == [(chain.truth.defects["ledger_rows_with_too_few_fields"],)]


def test_rows_landed_are_as_many_as_the_generator_wrote(chain: Chain) -> None:
    truth = {(w.municipality_code, w.source, w.stream): (w.files, w.rows, w.rejected_rows)
             for w in chain.truth.deliveries}  # fmt: skip
    landed = {
        row[:3]: tuple(int(figure) for figure in row[3:])
        for row in chain.rows(
            "select municipality_code, source, stream, count(*), sum(row_count), "
            "sum(rejected_row_count) from ops.deliveries where state = 'landed' "
            "and (source <> 'statbank' or municipality_code = '0000') group by 1, 2, 3",
            role="owner",
        )
    }
    assert landed == truth
