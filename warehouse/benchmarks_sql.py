"""The statements that compute benchmarks from what is published. They run in one transaction, in the order given here.

Temporary tables:
- `due`: topics and years to compute; `lists`: the hash of the own lists.
- `figures`: published key figures of those years and the years before, each with why it is left out, if it is.
- `series`: a key figure version, year, level and use category, numbered; `members`: who is in which group, numbered.
  Millions of comparisons are grouped and ordered by two numbers, not by nine texts.
- `stats`: one row of `published.benchmarks` per row.
"""

from __future__ import annotations

NEAREST = 10
# A distribution of fewer municipalities would show single ones; quarters of fewer would say nothing.
FEWEST_IN_DISTRIBUTION, FEWEST_IN_QUARTERS = 5, 8
LARGEST_SHARE_PCT = 85
TUKEY = 1.5

LISTS = """
create temporary table lists on commit drop as
select coalesce(
    encode(sha256(convert_to(string_agg(group_name || '|' || municipality_code, ';'
        order by group_name, municipality_code), 'UTF8')), 'hex'), 'none') as lists_sha256
from register.peer_groups
"""
# The year after a changed one is due for its growth.
DUE = """
create temporary table due on commit drop as
with written as (
    select distinct topic, year from published.scope_editions
    where edition_id = %(edition_id)s and topic <> 'property_model'
    union
    select topic, year from published.finals where edition_id = %(edition_id)s
),
known as (select distinct topic, year from published.pointers where topic <> 'property_model')
select k.topic, k.year
from known k
left join published.benchmark_pointers b using (topic, year)
cross join lists l
where b.lists_sha256 is distinct from l.lists_sha256
    or exists (select from written w where w.topic = k.topic and k.year in (w.year, w.year + 1))
"""
FREEZE_DST = """
insert into published.peer_group_members
    (group_type, group_code, topic, year, municipality_code, group_name, group_version)
select 'dst', s.dst_group_code, '', s.year, s.municipality_code, s.dst_group_name, 'DST ' || s.year
from audit.dim_municipality_structures s
where s.dst_group_code is not null and s.year in (select year from due)
    and not exists (
        select from published.peer_group_members p where p.group_type = 'dst' and p.year = s.year
    )
"""
# Only municipalities that have every variable known for the year are compared; with weights the scale of the distance
# stays that of one standard deviation. Rounded, so that equal distances are equal and go by code.
FREEZE_NEAREST = f"""
insert into published.peer_group_members
    (group_type, group_code, topic, year, municipality_code, group_name, group_version, rank_no, distance)
with newest as (select max(method_version) as method_version from register.peer_variables),
given as (
    select s.municipality_code, s.year, v.method_version, v.topic, v.variable, v.weight::float8 as weight,
        case when v.is_log then ln(x.content::float8) else x.content::float8 end as content
    from audit.dim_municipality_structures s
    cross join lateral jsonb_each_text(to_jsonb(s)) x (variable, content)
    join register.peer_variables v using (variable)
    join newest using (method_version)
    where x.content is not null and s.year in (select year from due)
        and not exists (
            select from published.peer_group_members p
            where p.group_type = 'nearest' and p.year = s.year and p.topic = v.topic
        )
),
standardised as (
    select *, coalesce((content - avg(content) over w) / nullif(stddev_pop(content) over w, 0), 0) as z
    from given
    window w as (partition by topic, year, variable)
),
distances as (
    select a.method_version, a.topic, a.year, a.municipality_code as subject, b.municipality_code,
        count(*) as variables,
        round(sqrt(sum(a.weight * (a.z - b.z) ^ 2) / sum(a.weight))::numeric, 9) as distance
    from standardised a
    join standardised b using (topic, year, variable)
    group by 1, 2, 3, 4, 5
),
ranked as (
    select *,
        row_number() over (
            partition by topic, year, subject order by municipality_code <> subject, distance, municipality_code
        ) - 1 as rank_no
    from (select *, max(variables) over (partition by topic, year) as most from distances) d
    where variables = most
)
select 'nearest', subject, topic, year, municipality_code, 'nearest to ' || subject, 'method ' || method_version,
    rank_no, distance
from ranked
where rank_no <= {NEAREST}
"""

# last_no: the same of the year before, where growth from it may be shown; a break hides it. While a municipality's last
# good figures are of an older version, a year has two: the own one is meant, or the newest.
SERIES = """
create temporary table series on commit drop as
with numbered as (
    select row_number() over () as series_no, s.*, (s.topic, s.year) in (select topic, year from due) as is_due
    from (
        select distinct k.topic, k.year, k.key_figure_code, k.version, k.level, k.use_category
        from published.key_figures k
        join published.pointers p using (municipality_code, topic, year, edition_id)
        where (k.topic, k.year) in (select topic, year from due union select topic, year - 1 from due)
            and k.status_code <> 'z'
    ) s
)
select distinct on (n.series_no) n.*, l.series_no as last_no
from numbered n
join register.key_figures k using (key_figure_code, version)
left join numbered l
    on l.topic = n.topic and l.year = n.year - 1 and l.key_figure_code = n.key_figure_code and l.level = n.level
    and l.use_category = n.use_category and (l.version = n.version or not k.is_break)
order by n.series_no, l.version = n.version desc nulls last, l.version desc
"""
FIGURES = f"""
create temporary table figures on commit drop as
with valued as (
    select s.series_no, k.topic, k.municipality_code, k.numerator,
        k.denominator, k.value, k.value::float8 as value_float, k.status_code,
        case
            when k.value is null
                then case k.status_code when 'm' then 'not_possible' when 'c' then 'suppressed' else 'missing' end
            when k.status_code = 'i' then 'imputed'
            when k.status_code = 'd' then 'differs'
            when k.status_code = 'p' and (e.kind <> 'provisional' or l.edition_id is not null) then 'provisional'
            when 'gate_warning' = any(string_to_array(k.flags, ',')) then 'flagged'
            when k.status_code = 'u' then 'unreliable'
        end as excluded_reason
    from published.key_figures k
    join published.pointers p using (municipality_code, topic, year, edition_id)
    join published.editions e using (edition_id)
    left join published.finals l using (municipality_code, topic, year)
    join series s using (topic, year, key_figure_code, version, level, use_category)
    where k.status_code <> 'z'
),
quartiles as (
    select series_no,
        percentile_cont(0.25) within group (order by ln(value_float)) as q1,
        percentile_cont(0.75) within group (order by ln(value_float)) as q3
    from valued
    where excluded_reason is null and value > 0
    group by series_no
)
select v.series_no, v.topic, v.municipality_code, v.numerator, v.denominator, v.value, v.value_float, v.status_code,
    case
        when v.excluded_reason is null and v.value > 0
            and (ln(v.value_float) < q1 - {TUKEY} * (q3 - q1) or ln(v.value_float) > q3 + {TUKEY} * (q3 - q1))
            then 'outlier'
        else v.excluded_reason
    end as excluded_reason
from valued v
left join quartiles using (series_no)
"""

MEMBERS = """
create temporary table members on commit drop as
select dense_rank() over (order by group_type, group_code, topic, year) as group_no,
    count(*) over (partition by group_type, group_code, topic, year) as n_members, m.*
from (
select 'country' as group_type, '0000' as group_code, 'Danmark' as group_name, '' as group_version, '' as topic,
    years.year, municipality_code
from (select distinct municipality_code from published.pointers) m
cross join (select distinct year from due) years
union all
select group_type, group_code, group_name, group_version, topic, year, municipality_code
from published.peer_group_members
where year in (select year from due)
union all
select 'own', o.group_name, o.group_name, left(l.lists_sha256, 12), '', years.year, o.municipality_code
from register.peer_groups o
cross join lists l
cross join (select distinct year from due) years
) m
"""

# Nearest and own groups are compared at the municipality only: below it they would be a hundred times as many rows.
# Groups of one topic are joined by it: with all years' groups as one condition, nine of ten pairs are made in vain.
_COMPARED = """
from (
    select e.series_no, m.group_type, m.group_no, m.municipality_code
    from series e
    join members m on m.year = e.year and m.topic = ''
    where e.is_due and (e.level = 'municipality' or m.group_type in ('country', 'dst'))
    union all
    select e.series_no, m.group_type, m.group_no, m.municipality_code
    from series e
    join members m using (topic, year)
    where e.is_due and e.level = 'municipality'
) c
"""
_REASONS = {
    **{name: name for name in ("missing", "not_possible", "suppressed", "imputed", "differs", "provisional")},
    "flagged": "flagged",
    "unreliable": "unreliable",
    "outlier": "outliers",
}
_COUNTS = ",\n        ".join(
    f"count(*) filter (where f.excluded_reason = '{reason}') as n_{column}" for reason, column in _REASONS.items()
)
_VALID = "filter (where f.excluded_reason is null)"
_STATISTICS = ("p10", "p25", "median", "p75", "p90")

STATS = f"""
create temporary table stats on commit drop as
with grown as materialized (
    select f.*, l.numerator as last_numerator, l.denominator as last_denominator
    from figures f
    join series e using (series_no)
    left join figures l
        on l.series_no = e.last_no and l.municipality_code = f.municipality_code
        and l.excluded_reason is null and f.status_code <> 'b'
    where e.is_due
),
grouped as (
    select c.series_no, c.group_no,
        count(*) {_VALID} as n,
        count(*) filter (where f.excluded_reason is not null) as n_excluded,
        {_COUNTS},
        count(*) filter (where f.excluded_reason is null and f.status_code = 'e') as n_estimated,
        sum(f.numerator) {_VALID} as numerator,
        sum(f.denominator) {_VALID} as denominator,
        100 * max(abs(f.denominator)) {_VALID} / nullif(sum(abs(f.denominator)) {_VALID}, 0) as largest_share_pct,
        avg(f.value_float) {_VALID} as unweighted_mean,
        percentile_cont(array[0.1, 0.25, 0.5, 0.75, 0.9]) within group (order by f.value_float) {_VALID} as quantiles,
        sum(f.numerator) filter (where f.last_numerator is not null and f.excluded_reason is null) as now_numerator,
        sum(f.denominator) filter (where f.last_numerator is not null and f.excluded_reason is null)
            as now_denominator,
        sum(f.last_numerator) {_VALID} as last_numerator,
        sum(f.last_denominator) {_VALID} as last_denominator,
        count(f.last_numerator) {_VALID} as n_growth
    {_COMPARED}
    join grown f using (series_no, municipality_code)
    group by c.series_no, c.group_no
),
judged as (
    select g.*, e.topic, e.year, e.key_figure_code, e.version, e.level, e.use_category, m.group_type, m.group_code,
        m.group_name, m.group_version, m.n_members, k.scale,
        coalesce(g.largest_share_pct > {LARGEST_SHARE_PCT}, false) as is_dominated
    from grouped g
    join series e using (series_no)
    join (
        select distinct group_no, n_members, group_type, group_code, group_name, group_version from members
    ) m using (group_no)
    join register.key_figures k using (key_figure_code, version)
),
-- The country and all of its groups but one tell that one: the smallest of the others is hidden with it.
ranked as (
    select *,
        count(*) filter (where is_dominated and group_type = 'dst') over f as dominated_groups,
        bool_or(is_dominated and group_type = 'country') over f as country_is_dominated,
        row_number() over (
            partition by series_no, group_type, is_dominated or n = 0 order by n, group_code
        ) as smallest_first
    from judged
    window f as (partition by series_no)
),
hidden as (
    select *,
        is_dominated
        or group_type = 'dst' and dominated_groups = 1 and not country_is_dominated and n > 0 and smallest_first = 1
            as is_hidden
    from ranked
)
select *, n < {FEWEST_IN_DISTRIBUTION} or is_hidden as is_without_distribution
from hidden
"""

_SHOWN = ", ".join(
    f"case when not is_without_distribution then quantiles[{place}] end as {name}"
    for place, name in enumerate(_STATISTICS, start=1)
)
WRITE_BENCHMARKS = f"""
insert into published.benchmarks (run_id, topic, year, key_figure_code, version, level, use_category, group_type,
    group_code, group_name, group_version, n_members, n, n_excluded, n_missing, n_not_possible, n_suppressed, n_imputed,
    n_differs, n_provisional, n_flagged, n_unreliable, n_outliers, n_estimated, numerator, denominator, weighted_mean,
    unweighted_mean, p10, p25, median, p75, p90, growth_pct, n_growth, status_code, distribution_status_code, reason)
select %(run_id)s, topic, year, key_figure_code, version, level, use_category, group_type,
    group_code, group_name, group_version, n_members, n, n_excluded, n_missing, n_not_possible, n_suppressed, n_imputed,
    n_differs, n_provisional, n_flagged, n_unreliable, n_outliers, n_estimated,
    case when not is_hidden then numerator end,
    case when not is_hidden then denominator end,
    case when not is_hidden then scale * numerator / nullif(denominator, 0) end,
    case when not is_hidden then unweighted_mean end,
    {_SHOWN},
    case
        when not is_hidden and last_numerator <> 0 and now_denominator <> 0
            then 100 * (now_numerator / now_denominator * last_denominator / last_numerator - 1)
    end,
    n_growth,
    case when is_hidden then 'c' when n = 0 then 'x' else '' end,
    case when is_without_distribution then 'c' else '' end,
    case
        when is_dominated then 'one municipality has more than {LARGEST_SHARE_PCT} per cent of the denominator'
        when is_hidden then 'a suppressed group could be worked out from it'
        when n = 0 then 'no municipality of the group has a value'
        when is_without_distribution then 'fewer than {FEWEST_IN_DISTRIBUTION} municipalities have a value'
    end
from stats
"""

# Percentile rank: share below plus half of those equal, the own value included; half of below and up to it is the same.
WRITE_POSITIONS = f"""
insert into published.positions (topic, year, key_figure_code, version, level, use_category, group_type, group_code,
    municipality_code, value, n, percentile_rank, quartile_group, excluded_reason, run_id)
with placed as (
    select c.series_no, c.group_no, f.municipality_code, f.value, f.value_float, f.excluded_reason,
        rank() over g - 1 as below, cume_dist() over g as share_up_to
    {_COMPARED}
    join figures f using (series_no, municipality_code)
    where f.value is not null and c.group_type <> 'nearest'
    window g as (partition by c.series_no, c.group_no, f.excluded_reason is null order by f.value_float)
    union all
    -- Of those near to a municipality only itself is placed: to sort its ten others as well costs ten times that.
    select e.series_no, m.group_no, f.municipality_code, f.value, f.value_float, f.excluded_reason,
        count(*) filter (where o.value_float < f.value_float),
        count(*) filter (where o.value_float <= f.value_float) / nullif(count(o.value_float), 0)::float8
    from series e
    join figures f using (series_no)
    join members m
        on m.group_type = 'nearest' and m.group_code = f.municipality_code and m.year = e.year
        and m.topic in ('', e.topic)
    left join figures o
        on o.series_no = e.series_no and o.municipality_code = m.municipality_code
        and o.value is not null and o.excluded_reason is null
    where e.is_due and e.level = 'municipality' and f.value is not null
    group by e.series_no, m.group_no, f.municipality_code, f.value, f.value_float, f.excluded_reason
)
select s.topic, s.year, s.key_figure_code, s.version, s.level, s.use_category, s.group_type, s.group_code,
    p.municipality_code, p.value, s.n,
    case
        when p.excluded_reason is null and not s.is_without_distribution
            then 50 * (p.below + round(p.share_up_to * s.n)) / s.n
    end,
    case
        when p.excluded_reason is not null or s.is_without_distribution or s.n < {FEWEST_IN_QUARTERS} then null
        when p.value_float <= s.quantiles[2] then 1
        when p.value_float <= s.quantiles[3] then 2
        when p.value_float <= s.quantiles[4] then 3
        else 4
    end,
    p.excluded_reason, %(run_id)s
from placed p
join stats s using (series_no, group_no)
"""
# Those that are shown stay until the next publication: whoever reads now reads past none that is written or gone.
DELETE_POSITIONS = """
delete from published.positions
where (topic, year) in (select topic, year from due)
    and (topic, year, run_id) not in (select topic, year, run_id from published.benchmark_pointers)
"""

MOVE_POINTERS = """
insert into published.benchmark_pointers (topic, year, run_id, edition_id, lists_sha256, computed_at)
select topic, year, %(run_id)s, (select max(edition_id) from published.editions), lists_sha256, clock_timestamp()
from due
cross join lists
on conflict (topic, year) do update
set run_id = excluded.run_id, edition_id = excluded.edition_id, lists_sha256 = excluded.lists_sha256,
    computed_at = excluded.computed_at
"""
PREPARE = (LISTS, DUE)
# What the same transaction has just published has no statistics yet, and plans over guesses are nested loops over every
# figure: hash joins are right for few rows as well.
COMPUTE = (
    "set local enable_nestloop = off",
    "analyze due",
    FREEZE_DST,
    FREEZE_NEAREST,
    SERIES,
    "analyze series",
    FIGURES,
    MEMBERS,
    "analyze figures",
    "analyze members",
    STATS,
    "analyze stats (series_no, group_no)",
    WRITE_BENCHMARKS,
    DELETE_POSITIONS,
    WRITE_POSITIONS,
    MOVE_POINTERS,
    "reset enable_nestloop",
)
