"""What municipalities say about access, what follows from it, and the audit trail."""

TABLES = """
create table register.restricted_properties (
    municipality_code text not null,
    property_no text not null,
    reason text not null,
    primary key (municipality_code, property_no)
);
comment on table register.restricted_properties is 'One row per property that a municipality''s access.yml restricts: it counts in sums only.';

create table register.shares (
    municipality_code text not null,
    with_municipality text not null,
    detail text not null check (detail in ('properties')),
    primary key (municipality_code, with_municipality, detail)
);
comment on table register.shares is 'One row per municipality, detail it shares and municipality it shares with; * is every municipality that takes part.';

create table ops.hidden_properties (
    municipality_code text not null,
    property_id text primary key,
    why text not null check (why in ('restricted', 'protects'))
);
comment on table ops.hidden_properties is 'One row per property that no reader sees: restricted ones, and those without which a restricted one could be worked out as sum less the others.';

create table ops.protected_figures (
    municipality_code text not null,
    year integer not null,
    key_figure_code text not null,
    version integer not null,
    use_category text not null,
    primary key (municipality_code, year, key_figure_code, version, use_category)
);
comment on table ops.protected_figures is 'One row per key figure from whose parts a restricted property could be worked out; use_category is empty for the whole municipality.';

create table ops.audit_trail (
    entry_id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null default ''
);
comment on table ops.audit_trail is 'One row per change of who may see what. Rows are only ever added.';
"""
# Without it the owner of the table could rewrite history in silence; a superuser still can, by dropping it.
APPEND_ONLY = """
create function ops.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog
as $$ begin raise exception '%.% is append-only', tg_table_schema, tg_table_name; end $$;
create trigger audit_trail_is_append_only before update or delete or truncate on ops.audit_trail
for each statement execute function ops.refuse_change();
"""
# Whoever changes the files, and whichever command loads them, leaves a line.
CHANGES = """
create function ops.record_access_change() returns trigger
language plpgsql security definer set search_path = pg_catalog
as $$
declare
    changed jsonb := case tg_op when 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
    verb text := case tg_table_name when 'shares' then 'share' else 'restrict' end;
begin
    insert into ops.audit_trail (actor, action, subject, detail)
    values (
        session_user, case tg_op when 'DELETE' then 'un' || verb else verb end, changed ->> 'municipality_code',
        concat_ws(
            ', ', 'property ' || (changed ->> 'property_no'), changed ->> 'detail',
            'with ' || (changed ->> 'with_municipality')
        )
    );
    return null;
end
$$;
create trigger access_change_is_recorded after insert or update or delete on register.restricted_properties
for each row execute function ops.record_access_change();
create trigger access_change_is_recorded after insert or update or delete on register.shares
for each row execute function ops.record_access_change();
revoke execute on function ops.record_access_change(), ops.refuse_change() from public;
"""
DROPS = (
    "drop table ops.audit_trail, ops.protected_figures, ops.hidden_properties, register.shares, "
    "register.restricted_properties",
    "drop function ops.refuse_change(), ops.record_access_change()",
)
GRANTS = (
    "grant select, insert, update, delete on register.restricted_properties, register.shares to ejd_loader",
    "grant select on register.restricted_properties, register.shares to ejd_transformer, ejd_publisher",
    "grant select on ops.hidden_properties, ops.protected_figures to ejd_publisher",
)
