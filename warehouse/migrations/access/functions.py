"""Who asks, what may be seen, and what must be hidden so that a restricted property cannot be worked out."""

# A function with its owner's rights has the owner as current_user; who asked is the role that was set, else who logged
# in. Neither can be made up: a role is set by its members only.
CALLER = """
create function ops.caller() returns name language sql stable parallel safe
begin atomic
    select coalesce(nullif(current_setting('role'), 'none'), cast(session_user as text))::name;
end
"""
OWN = """
create function ops.own_municipalities() returns text[] language sql stable parallel safe
begin atomic
    select coalesce(array_agg(substr(r.rolname, length('ejd_municipality_') + 1) order by r.rolname), '{}')
    from pg_catalog.pg_roles r
    where r.rolname ~ '^ejd_municipality_[0-9]{4}$' and pg_has_role(ops.caller(), r.oid, 'usage');
end
"""
# Also for the rest: a reader has no rights on what these read.
VISIBLE = """
create function ops.visible_municipalities() returns text[] language sql stable parallel safe security definer
set search_path = pg_catalog
begin atomic
    select own.codes || array(
        select s.municipality_code from register.shares s
        where s.detail = 'properties'
            and (s.with_municipality = any (own.codes) or s.with_municipality = '*' and cardinality(own.codes) > 0)
    )
    from (select ops.own_municipalities() as codes) own;
end
"""
HIDDEN = """
create function ops.hidden_property_ids() returns setof text language sql stable parallel safe security definer
set search_path = pg_catalog
begin atomic
    select property_id from ops.hidden_properties;
end
"""
PROTECTED = """
create function ops.protected_figure_keys()
returns table (municipality_code text, year integer, key_figure_code text, version integer, use_category text)
language sql stable parallel safe security definer set search_path = pg_catalog
begin atomic
    select p.municipality_code, p.year, p.key_figure_code, p.version, p.use_category from ops.protected_figures p;
end
"""
# In a text a property stands as a word; its buildings' ids begin with it and a hyphen.
MENTIONS = r"""
create function ops.mentions_hidden(content text) returns boolean language sql stable parallel safe security definer
set search_path = pg_catalog
begin atomic
    select exists (
        select from ops.hidden_properties h
        where strpos(content, h.property_id) > 0
            and content ~ ('(^|\W)' || regexp_replace(h.property_id, '(\W)', '\\\1', 'g') || '($|\W)')
    );
end
"""
ROLE = """
create function ops.make_municipality_role(municipality_code text) returns void
language plpgsql security definer set search_path = pg_catalog
as $$
begin
    if municipality_code !~ '^[0-9]{4}$' then
        raise exception 'a municipality code has four digits';
    end if;
    if not exists (select from pg_roles where rolname = 'ejd_municipality_' || municipality_code) then
        execute format('create role %I nologin', 'ejd_municipality_' || municipality_code);
        execute format('grant ejd_reader to %I', 'ejd_municipality_' || municipality_code);
    end if;
end
$$
"""

# Cells: properties whose amounts are only shown as a sum with others'. Every published sum of a measure is a sum of
# whole cells (year, measure, use category, tenure); costs are shared within a destination, quantities within a meter.
# 1. In a cell with a restricted property and others, at least two are hidden: a sum less what is seen is theirs together.
# 2. A restricted property alone in its cell is paired with a hidden one in another cell; figures that tell the two cells
#    apart are protected. What is left counts both alike, so no calculation with it can part them.
PROTECT = """
create function ops.protect_restricted(of_candidate boolean) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    source text;
    added bigint;
begin
    perform pg_advisory_xact_lock(7421021);
    drop table if exists pg_temp.changed_access, pg_temp.access_cells, pg_temp.access_pairs, pg_temp.access_weights;
    create temporary table changed_access on commit drop as
    with declared as (
        select municipality_code, municipality_code || '-' || property_no as property_id
        from register.restricted_properties
    ),
    known as (select municipality_code, property_id from ops.hidden_properties where why = 'restricted')
    select municipality_code from (
        (select * from declared except select * from known) union (select * from known except select * from declared)
    ) d;
    delete from ops.hidden_properties where municipality_code in (select municipality_code from changed_access);
    delete from ops.protected_figures where municipality_code in (select municipality_code from changed_access);
    insert into ops.hidden_properties
    select municipality_code, municipality_code || '-' || property_no, 'restricted'
    from register.restricted_properties
    where municipality_code in (select municipality_code from changed_access);
    if not exists (select from ops.hidden_properties) then
        return;
    end if;
    if of_candidate and to_regclass('audit.fct_measures') is null then
        return;
    end if;
    source := case when of_candidate then '(select * from audit.fct_%1$s) t' else
        'published.%1$s t join published.pointers p using (municipality_code, topic, year, edition_id)' end;
    execute '
        create temporary table access_cells on commit drop as
        select municipality_code, concat_ws(''|'', year, measure_code, use_category, tenure) as cell, year,
            measure_code, use_category, tenure, property_id, cast(sum(amount) as float8) as amount
        from ' || format(source, 'measures') || '
        where property_id is not null
            and municipality_code in (select h.municipality_code from ops.hidden_properties h)
        group by municipality_code, year, measure_code, use_category, tenure, property_id
        having sum(amount) <> 0
        union all
        select municipality_code, concat_ws(''|'', ''cost'', year, destination_id), null, null, null, null, property_id,
            cast(sum(share) as float8)
        from ' || format(source, 'cost_destinations') || '
        where property_id is not null
            and municipality_code in (select h.municipality_code from ops.hidden_properties h)
        group by municipality_code, year, destination_id, property_id
        having sum(share) <> 0
        union all
        select municipality_code, concat_ws(''|'', ''meter'', year, measure_code, source, meter_id), null, null, null,
            null, property_id, cast(sum(amount) as float8)
        from ' || format(source, 'meter_quantities') || '
        where property_id is not null
            and municipality_code in (select h.municipality_code from ops.hidden_properties h)
        group by municipality_code, year, measure_code, source, meter_id, property_id
        having sum(amount) <> 0';
    analyze access_cells;
    loop
        -- The one that helps in most cells goes first, then the one most like in size: a much smaller one hides nothing.
        with lonely as (
            select c.municipality_code, c.cell, max(c.amount) filter (where h.why is not null) as amount
            from access_cells c
            left join ops.hidden_properties h using (property_id)
            group by c.municipality_code, c.cell
            having count(h.why) = 1 and bool_or(h.why = 'restricted') and count(*) > 1
        ),
        helping as (
            select c.municipality_code, c.property_id, count(*) as cells,
                sum(abs(ln(abs(c.amount / l.amount)))) as distance
            from lonely l
            join access_cells c using (municipality_code, cell)
            where not exists (select from ops.hidden_properties h where h.property_id = c.property_id)
            group by c.municipality_code, c.property_id
        )
        insert into ops.hidden_properties
        select distinct on (municipality_code) municipality_code, property_id, 'protects'
        from helping
        order by municipality_code, cells desc, distance, property_id;
        get diagnostics added = row_count;
        exit when added = 0;
    end loop;
    create temporary table access_pairs on commit drop as
    select c.municipality_code, c.year, c.measure_code, c.use_category, c.tenure,
        min(c.property_id) as property_id, max(c.amount) as amount, cast(null as text) as other_use_category,
        cast(null as text) as other_tenure
    from access_cells c
    left join ops.hidden_properties h using (property_id)
    where c.measure_code is not null
    group by c.municipality_code, c.year, c.measure_code, c.use_category, c.tenure
    having count(*) = 1 and bool_or(h.why = 'restricted');
    loop
        with lonely as (
            select * from access_pairs a
            where not exists (
                select from access_cells c
                join ops.hidden_properties h using (property_id)
                where c.municipality_code = a.municipality_code and c.year = a.year and c.measure_code = a.measure_code
                    and c.property_id <> a.property_id
            )
        ),
        helping as (
            select c.municipality_code, c.property_id,
                sum(case when c.use_category = l.use_category then 2 else 1 end) as cells,
                sum(abs(ln(abs(c.amount / l.amount)))) as distance
            from lonely l
            join access_cells c using (municipality_code, year, measure_code)
            where c.property_id <> l.property_id
            group by c.municipality_code, c.property_id
        )
        insert into ops.hidden_properties
        select distinct on (municipality_code) municipality_code, property_id, 'protects'
        from helping
        order by municipality_code, cells desc, distance, property_id;
        get diagnostics added = row_count;
        exit when added = 0;
    end loop;
    update access_pairs a set other_use_category = o.use_category, other_tenure = o.tenure
    from (
        select distinct on (a.municipality_code, a.year, a.measure_code, a.use_category, a.tenure)
            a.municipality_code, a.year, a.measure_code, a.use_category as own_use, a.tenure as own_tenure,
            c.use_category, c.tenure
        from access_pairs a
        join access_cells c using (municipality_code, year, measure_code)
        join ops.hidden_properties h on h.property_id = c.property_id
        where c.property_id <> a.property_id
        order by a.municipality_code, a.year, a.measure_code, a.use_category, a.tenure,
            c.use_category <> a.use_category, c.use_category, c.tenure
    ) o
    where o.municipality_code = a.municipality_code and o.year = a.year and o.measure_code = a.measure_code
        and o.own_use = a.use_category and o.own_tenure = a.tenure;
    -- What a figure's parts give each cell. Its coverage shows the area of all it counts.
    create temporary table access_weights on commit drop as
    select s.key_figure_code, s.version, s.part, s.component_code as measure_code, s.use_category, s.tenure,
        sum(t.weight) as weight
    from register.key_figure_term_scopes s
    join register.key_figure_terms t using (key_figure_code, version, part, term_no)
    group by s.key_figure_code, s.version, s.part, s.component_code, s.use_category, s.tenure
    union all
    select distinct key_figure_code, version, 'coverage', 'A_BDA', use_category, tenure, 1
    from register.key_figure_term_scopes;
    insert into ops.protected_figures
    select distinct a.municipality_code, a.year, f.key_figure_code, f.version, u.use_category
    from access_pairs a
    join (select distinct key_figure_code, version, part, measure_code from access_weights) f using (measure_code)
    cross join lateral (values (''), (a.use_category), (a.other_use_category)) u (use_category)
    left join access_weights w
        on w.key_figure_code = f.key_figure_code and w.version = f.version and w.part = f.part
        and w.measure_code = f.measure_code and w.use_category = a.use_category and w.tenure = a.tenure
        and u.use_category in ('', a.use_category)
    left join access_weights v
        on v.key_figure_code = f.key_figure_code and v.version = f.version and v.part = f.part
        and v.measure_code = f.measure_code and v.use_category = a.other_use_category and v.tenure = a.other_tenure
        and u.use_category in ('', a.other_use_category)
    where u.use_category is not null and coalesce(w.weight, 0) <> coalesce(v.weight, 0)
    on conflict do nothing;
end
$$
"""
# As revision 0025 makes it: the measures that a pointer leads to may be of an edition before its own.
PROTECT_BY_EDITION = PROTECT.replace("create function", "create or replace function")
PROTECT_BY_CONTENT = PROTECT_BY_EDITION.replace(
    "format(source, 'measures')",
    """case when of_candidate then 'audit.fct_measures' else '(
            select t.* from published.measures t
            join published.pointers p
                on p.municipality_code = t.municipality_code and p.topic = t.topic and p.year = t.year
                and p.measures_edition_id = t.edition_id
        ) t' end""",
)
READERS = "ejd_analyst, ejd_reader"
# function: who may call it
FUNCTIONS = {
    "ops.caller()": (CALLER, READERS),
    "ops.own_municipalities()": (OWN, READERS),
    "ops.visible_municipalities()": (VISIBLE, READERS),
    "ops.hidden_property_ids()": (HIDDEN, READERS),
    "ops.protected_figure_keys()": (PROTECTED, READERS),
    "ops.mentions_hidden(text)": (MENTIONS, READERS),
    "ops.make_municipality_role(text)": (ROLE, "ejd_loader"),
    "ops.protect_restricted(boolean)": (PROTECT, "ejd_loader, ejd_publisher"),
}
# As revision 0018 made it, and with it the caller's rights: own municipalities, no hidden property. An analyst of the
# collaboration reads every municipality's lines; who writes published rows, everything.
POSTINGS = """
create or replace function marts.lineage_postings(
    of_municipality text, of_year integer, of_measures text[], of_property text default null
)
returns table (
    property_id text, use_category text, tenure text, measure_code text, posting_key_id text, rule_no integer,
    delivery_id bigint, row_no bigint, document_no text, line_no text, posting_date date, account text,
    posted_dkk numeric, share numeric, amount numeric
)
language plpgsql stable security definer
set search_path = pg_catalog set enable_nestloop = off set enable_mergejoin = off
as $$
#variable_conflict use_column
{declared}
begin
    if to_regclass('intermediate.int_postings__unioned') is null then
        return;
    end if;
{checked}
    return query execute '
        with keys as materialized (
            select * from marts.lineage_costs c
            where c.municipality_code = $1 and c.year = $2 and c.measure_code = any ($3)
                and ($4 is null or c.property_id = $4){condition}
        )
        select k.property_id, k.use_category, k.tenure, k.measure_code, k.posting_key_id, k.rule_no, k.delivery_id,
            l.row_no, l.document_no, l.line_no, l.posting_date, k.account, l.amount_dkk, k.share, l.amount_dkk * k.share
        from (
            select * from intermediate.int_postings__unioned
            where delivery_id = any (array(select distinct delivery_id from keys))
                and municipality_code = $1 and fiscal_year = $2
        ) l
        join keys k using (delivery_id, posting_key_id)'
    using of_municipality, of_year, of_measures, of_property{more};
end
$$
"""
CHECKED = """
    sees_all := pg_has_role(ops.caller(), 'ejd_publisher', 'usage');
    if not sees_all and not pg_has_role(ops.caller(), 'ejd_analyst', 'usage')
        and of_municipality <> all (ops.own_municipalities())
    then
        return;
    end if;
"""
CONDITION = """
                and ($5 or c.property_id is null
                    or c.property_id not in (select h.property_id from ops.hidden_properties h))"""
POSTINGS_BY_RIGHTS = POSTINGS.format(
    declared="declare\n    sees_all boolean;", checked=CHECKED, condition=CONDITION, more=", sees_all"
)
POSTINGS_BEFORE = POSTINGS.format(declared="", checked="", condition="", more="")
