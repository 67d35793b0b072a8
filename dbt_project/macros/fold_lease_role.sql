{# Which side of a lease the municipality is on, in our words. Never fails. #}
{% macro fold_lease_role(column) -%}
    case
        when lower(trim({{ column }})) in ('leased_in', 'leased in', 'lejet', 'lejer', 'indlejet', 'indleje', 'tenant')
            then 'leased_in'
        when lower(trim({{ column }})) in ('let_out', 'let out', 'udlejet', 'udlejer', 'udleje', 'udlejning', 'landlord')
            then 'let_out'
    end
{%- endmacro %}
