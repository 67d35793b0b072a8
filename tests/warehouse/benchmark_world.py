"""Published key figures made by hand: one figure, any municipalities and years, straight into schema published."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from psycopg.rows import dict_row

from warehouse.benchmarks import renew
from warehouse.database import connect

TOPIC, CODE = "general", "GEN-04"
FIGURE = (
    "insert into register.key_figures (key_figure_code, version, topic, name_da, name_en, unit, scale, direction, "
    "levels, bounds_severity, largest_change_severity, coverage_needed_pct, adoption_state, valid_from, is_break, "
    "formula, definition_source, definition_sha256) values (%s, %s, %s, 'navn', 'name', 'DKK/m2', 1, 'neutral', "
    "'municipality', 'hold', 'hold', 90, 'proposed', 2000, %s, 'C / A', 'by hand', 'h')"
)
STRUCTURES = (
    "create table audit.dim_municipality_structures (municipality_code text, year integer, inhabitants integer, "
    "share_0_5_pct numeric, share_6_16_pct numeric, share_65_plus_pct numeric, dst_group_code text, "
    "dst_group_name text)"
)


@dataclass
class World:
    """An edition in the making. `publish` writes it and has its benchmarks computed."""

    edition_id: int = 0
    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Declare the figure, and the municipalities' structures as an empty table."""
        self.execute(FIGURE, CODE, 1, TOPIC, False)
        with connect("ejd_transformer") as connection:
            connection.execute(STRUCTURES)

    def execute(self, statement: str, *bound: Any) -> None:
        """Change anything, as the owner."""
        with connect("owner") as connection:
            connection.execute(statement, bound)

    def structure(self, municipality: int, year: int, inhabitants: int, group: str | None = None) -> None:
        """What peers are found by, of one municipality and year."""
        self.execute(
            "insert into audit.dim_municipality_structures values (%s, %s, %s, null, null, null, %s, %s)",
            f"{municipality:04}", year, inhabitants, group, f"group {group}" if group else None,
        )  # fmt: skip

    def add(
        self, municipality: int, value: Any, year: int = 2025, *, weight: Any = 1, status: str = "", flags: str = "",
        level: str = "municipality", use: str = "", version: int = 1, topic: str = TOPIC,
    ) -> None:  # fmt: skip
        """A figure to be published: value = value * weight / weight."""
        numerator = None if value is None else Decimal(str(value)) * Decimal(str(weight))
        self.rows.append(
            (f"{municipality:04}", topic, year, level, CODE, version, numerator, weight, value, status, flags, use)
        )

    def publish(self, kind: str = "provisional") -> int:
        """Write what was added as a new edition. Returns how many topics and years had benchmarks computed."""
        with connect("owner") as connection:
            row = connection.execute(
                "insert into published.editions (kind, candidate_id, published_at, register_sha256) "
                "values (%s, 1, clock_timestamp(), 'r') returning edition_id", [kind],
            ).fetchone()  # fmt: skip
            assert row is not None
            self.edition_id = int(row[0])
            cursor = connection.cursor()
            cursor.executemany(
                f"insert into published.key_figures values ({self.edition_id}, %s, %s, %s, %s, %s, %s, %s, %s, %s, "
                "'DKK/m2', %s, %s, 100, 1, null, %s, '', '')",
                self.rows,
            )
            scopes = {(row[0], row[1], row[2]) for row in self.rows}
            for table in ("scope_editions", "pointers"):
                cursor.executemany(
                    f"insert into published.{table} (edition_id, measures_edition_id, municipality_code, topic, year, "
                    f"content_sha256, published_at) "
                    f"values ({self.edition_id}, {self.edition_id}, %s, %s, %s, 'c', now())"
                    + (
                        " on conflict (municipality_code, topic, year) do update set edition_id = excluded.edition_id"
                        if table == "pointers"
                        else ""
                    ),
                    sorted(scopes),
                )
        self.rows.clear()
        return self.renew(self.edition_id)

    def renew(self, edition_id: int | None = None) -> int:
        """Compute benchmarks as the publisher does."""
        with connect("ejd_publisher") as connection:
            return renew(connection, edition_id)

    def read(self, view: str, **where: Any) -> list[dict[str, Any]]:
        """Rows of a view of marts, as an analyst sees them."""
        with connect("ejd_analyst", row_factory=dict_row) as connection:
            rows = connection.execute(f"select * from marts.{view}".encode()).fetchall()
        return [row for row in rows if all(row[name] == value for name, value in where.items())]

    def benchmark(self, **where: Any) -> dict[str, Any]:
        """The one benchmark of the country, or of what is named, in 2025."""
        wanted = {"group_type": "country", "year": 2025, "level": "municipality", **where}
        (found,) = self.read("benchmarks", **wanted)
        return found

    def position(self, municipality: int, **where: Any) -> dict[str, Any]:
        """Where one municipality lies in the country, or in what is named, in 2025."""
        wanted = {"group_type": "country", "year": 2025, "level": "municipality", **where}
        (found,) = self.read("positions", municipality_code=f"{municipality:04}", **wanted)
        return found
