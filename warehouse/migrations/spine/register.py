"""Schema register: the register of key figures and the configuration, as dbt reads them."""

REGISTER = """
create table register.municipalities (
    municipality_code text primary key,
    name text not null
);
comment on table register.municipalities is 'One row per configured municipality.';

create table register.use_categories (
    use_category text primary key,
    topic text not null,
    name_da text not null,
    name_en text not null
);
comment on table register.use_categories is 'One row per use category of a building or property; none = not tied to one.';

create table register.fm_uses (
    fm_use text primary key,
    use_category text not null references register.use_categories
);
comment on table register.fm_uses is 'One row per folded FM spelling of a use; folded = lower case, ASCII, single blanks.';

create table register.measures (
    measure_code text primary key,
    name_da text not null,
    name_en text not null,
    unit text not null,
    kind text not null check (kind in ('area', 'cost', 'quantity', 'users')),
    grain text not null check (grain in ('building', 'property', 'municipality')),
    definition text not null
);
comment on table register.measures is 'One row per measure, base or composite.';

create table register.measure_components (
    measure_code text not null references register.measures,
    component_code text not null references register.measures,
    primary key (measure_code, component_code)
);
comment on table register.measure_components is 'One row per measure and base measure it sums; a base measure has itself.';

create table register.key_figures (
    key_figure_code text not null,
    version integer not null,
    topic text not null,
    name_da text not null,
    name_en text not null,
    unit text not null,
    scale numeric not null,
    denominator_constant numeric,
    direction text not null check (direction in ('lower_better', 'higher_better', 'neutral')),
    levels text not null,
    bound_low numeric,
    bound_high numeric,
    bounds_severity text not null,
    largest_change_pct numeric,
    largest_change_severity text not null,
    coverage_needed_pct numeric not null,
    adoption_state text not null check (adoption_state in ('draft', 'proposed', 'adopted', 'superseded')),
    adopted_on date,
    valid_from integer not null,
    valid_to integer,
    is_break boolean not null,
    formula text not null,
    definition_source text not null,
    definition_sha256 text not null,
    primary key (key_figure_code, version)
);
comment on table register.key_figures is 'One row per key figure and version. valid_from and valid_to are years, both included.';

create table register.key_figure_terms (
    key_figure_code text not null,
    version integer not null,
    part text not null check (part in ('numerator', 'denominator', 'fallback_denominator')),
    term_no integer not null,
    measure_code text not null references register.measures,
    weight numeric not null,
    is_required boolean not null,
    primary key (key_figure_code, version, part, term_no),
    foreign key (key_figure_code, version) references register.key_figures on delete cascade
);
comment on table register.key_figure_terms is 'One row per term of a sum: weight times measure.';

create table register.key_figure_term_scopes (
    key_figure_code text not null,
    version integer not null,
    part text not null,
    term_no integer not null,
    component_code text not null,
    use_category text not null,
    tenure text not null,
    primary key (key_figure_code, version, part, term_no, component_code, use_category, tenure),
    foreign key (key_figure_code, version, part, term_no) references register.key_figure_terms on delete cascade
);
comment on table register.key_figure_term_scopes is 'One row per term, base measure, use category and tenure that the term sums: the register''s filters written out, so that the warehouse needs an equi-join only.';

create table register.account_rules (
    municipality_code text not null,
    rule_no integer not null,
    priority integer not null,
    account_pattern text not null,
    function_pattern text not null,
    psp_pattern text not null,
    cost_centre_pattern text not null,
    dranst_pattern text not null,
    cost_category text not null,
    valid_from integer not null,
    valid_to integer not null,
    note text,
    primary key (municipality_code, rule_no)
);
comment on table register.account_rules is 'One row per rule of a municipality''s account_rules.csv; patterns are LIKE patterns, % means any; the lowest priority number wins, then the lowest rule_no. rule_no is the row of the file.';

create table register.property_links (
    municipality_code text not null,
    link_no integer not null,
    link_type text not null check (link_type in ('psp', 'cost_centre', 'institution', 'meter', 'bbr_building')),
    source_key text not null,
    property_no text not null,
    share numeric not null,
    valid_from integer not null,
    valid_to integer not null,
    note text,
    primary key (municipality_code, link_no)
);
comment on table register.property_links is 'One row per link of a municipality''s property_links.csv; shares of one key and year sum to 1.';
"""
