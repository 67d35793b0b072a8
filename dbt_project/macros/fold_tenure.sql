{# Tenure in our words. `false` in an ownership field is no value: a system that was never told says false too. #}
{% macro fold_tenure(column) -%}
    case
        when lower(trim({{ column }})) in ('ejet', 'eget', 'eje', 'egen', 'egne', 'owned', 'true', 'ja') then 'owned'
        when lower(trim({{ column }})) in ('lejet', 'leje', 'lejemål', 'indlejet', 'leased') then 'leased'
        when lower(trim({{ column }})) in ('udlejet', 'udlejning', 'let_out', 'let out') then 'let_out'
    end
{%- endmacro %}
