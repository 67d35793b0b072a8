"""Key figures of properties and buildings: views over published measures, by the register's formulas.

Storing them would be 31 million rows at the size of the country. A reader filters by municipality or key figure; both
reach the index on measures, whose first columns are what the scopes of a key figure name.
"""

INDEX = (
    "create index measures_by_figure on published.measures "
    "(measure_code, use_category, tenure, year, municipality_code)"
)

# One pass over the measures: both parts are sums with a condition. A part has a value when every required term has an
# amount; which terms have one is kept as bits, one per term.
_VIEW = """
select f.municipality_code, k.topic, f.year, f.property_id{f_building}, f.key_figure_code, f.version,
    case when f.hidden then null when f.has_numerator then f.numerator end as numerator,
    case when f.hidden then null else f.denominator end as denominator,
    case
        when not f.hidden and f.has_numerator and f.denominator <> 0 then k.scale * f.numerator / f.denominator
    end as value,
    k.unit,
    case
        when f.hidden then 'c'
        when not f.has_numerator or f.denominator is null or f.denominator = 0 then 'x'
        when f.statuses & 16 > 0 then 'i'
        when f.statuses & 8 > 0 then 'd'
        when f.statuses & 4 > 0 then 'u'
        when f.statuses & 2 > 0 then 'e'
        when f.statuses & 1 > 0 then 'p'
        else ''
    end as status_code,
    concat_ws(',',
        case when f.uses_fallback then 'fallback_denominator' end,
        case when f.statuses & 2 > 0 then 'estimated' end,
        case when f.statuses & 16 > 0 then 'imputed' end
    ) as flags,
    k.area_basis, k.price_basis
from (
    select g.municipality_code, g.year, g.property_id{g_building}, g.key_figure_code, g.version, g.numerator, g.hidden,
        g.numerator is not null and g.numerator_terms & t.numerator_mask = t.numerator_mask as has_numerator,
        case
            when t.constant is not null then t.constant
            when g.denominator_terms & t.denominator_mask = t.denominator_mask then g.denominator
            when t.fallback_mask > 0 and g.fallback_terms & t.fallback_mask = t.fallback_mask then g.fallback
        end as denominator,
        t.constant is null and t.fallback_mask > 0
            and g.denominator_terms & t.denominator_mask <> t.denominator_mask
            and g.fallback_terms & t.fallback_mask = t.fallback_mask as uses_fallback,
        g.statuses
    from (
        select m.municipality_code, m.year, m.property_id{m_building}, s.key_figure_code, s.version,
            sum(m.amount * s.weight) filter (where s.part = 'numerator') as numerator,
            coalesce(sum(m.amount * s.weight) filter (where s.part = 'denominator'), 0) as denominator,
            coalesce(sum(m.amount * s.weight) filter (where s.part = 'fallback_denominator'), 0) as fallback,
            coalesce(bit_or(s.term_bit) filter (where s.part = 'numerator' and m.amount is not null), 0)
                as numerator_terms,
            coalesce(bit_or(s.term_bit) filter (where s.part = 'denominator' and m.amount is not null), 0)
                as denominator_terms,
            coalesce(bit_or(s.term_bit) filter (where s.part = 'fallback_denominator' and m.amount is not null), 0)
                as fallback_terms,
            bit_or(
                case m.status_code when 'p' then 1 when 'e' then 2 when 'u' then 4 when 'd' then 8 when 'i' then 16
                else 0 end
            ) as statuses,
            bool_or(m.status_code = 'c') as hidden
        from (
            select c.key_figure_code, c.version, c.part, c.component_code, c.use_category, c.tenure, e.weight,
                1::bigint << e.term_no as term_bit
            from register.key_figure_term_scopes c
            join register.key_figure_terms e using (key_figure_code, version, part, term_no)
        ) s
        join published.measures m
            on m.measure_code = s.component_code and m.use_category = s.use_category and m.tenure = s.tenure
        join published.pointers p
            on p.municipality_code = m.municipality_code and p.topic = m.topic and p.year = m.year
            and p.{pointed} = m.edition_id
        where m.{unit}_id is not null
        group by m.municipality_code, m.year, m.property_id{m_building}, s.key_figure_code, s.version
    ) g
    join (
        select d.key_figure_code, d.version, d.denominator_constant as constant,
            coalesce(bit_or(1::bigint << e.term_no) filter (where e.part = 'numerator' and e.is_required), 0)
                as numerator_mask,
            coalesce(bit_or(1::bigint << e.term_no) filter (where e.part = 'denominator' and e.is_required), 0)
                as denominator_mask,
            coalesce(bit_or(1::bigint << e.term_no) filter (where e.part = 'fallback_denominator' and e.is_required), 0)
                as fallback_mask
        from register.key_figures d
        join register.key_figure_terms e using (key_figure_code, version)
        group by d.key_figure_code, d.version, d.denominator_constant
    ) t using (key_figure_code, version)
) f
join register.key_figures k
    on k.key_figure_code = f.key_figure_code and k.version = f.version
    and f.year between k.valid_from and coalesce(k.valid_to, f.year)
    and '{unit}' = any (string_to_array(k.levels, ','))
"""


def _views(pointed: str) -> dict[str, str]:
    views = {}
    for unit in ("property", "building"):
        more = {f"{alias}_building": f", {alias}.building_id" if unit == "building" else "" for alias in "fgm"}
        views[f"{unit}_key_figures"] = _VIEW.format(unit=unit, pointed=pointed, **more)
    return views


VIEWS = _views("edition_id")
# As revision 0025 makes them.
VIEWS_BY_CONTENT = _views("measures_edition_id")
