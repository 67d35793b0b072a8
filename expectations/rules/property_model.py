"""The property model: FM areas against BBR, and how much of the FM buildings is found in BBR."""

from expectations.rule import Rule

FM_BBR_PCT = 10
LINKED_PCT = 90

AREA_FM_BBR = Rule(
    name="area_fm_bbr",
    title=f"A building's area in FM is within {FM_BBR_PCT} pct of BBR or its lease, or the difference is explained",
    severities=frozenset({"warning"}),
    applies="select exists (select from audit.fct_area_reconciliation where difference_pct is not null)",
    query=f"""
        select municipality_code, topic, year, 'building ' || building_id as key,
            reason = 'differs' and abs(difference_pct) > {FM_BBR_PCT} as is_failed,
            'warning' as severity,
            fm_area_m2 || ' m2 in FM, ' || difference_pct || ' pct off' as observed,
            coalesce(case when tenure = 'leased' then lease_area_m2 end, bbr_area_m2) || ' m2' as expected,
            'measure it, and correct FM or BBR; an area of its own goes into property_periods.csv' as advice
        from audit.fct_area_reconciliation
        where difference_pct is not null
    """,
)

CROSSWALK = Rule(
    name="crosswalk",
    title=f"At least {LINKED_PCT} pct of the owned area is linked to BBR",
    severities=frozenset({"warning"}),
    final={"warning": "hold"},
    applies="select exists (select from audit.dim_buildings where tenure = 'owned' and bda_m2 > 0)",
    query=f"""
        with linked as (
            select municipality_code, topic, year,
                100 * coalesce(sum(bda_m2) filter (where bbr_id is not null), 0) / sum(bda_m2) as pct
            from audit.dim_buildings
            where tenure = 'owned' and bda_m2 > 0
            group by municipality_code, topic, year
        )
        select municipality_code, topic, year, 'links to BBR' as key,
            pct < {LINKED_PCT} as is_failed,
            'warning' as severity,
            round(pct, 1) || ' pct of the owned area' as observed,
            'at least {LINKED_PCT} pct' as expected,
            'link the buildings of marts.unlinked in property_links.csv (link_type bbr_building)' as advice
        from linked
    """,
)
