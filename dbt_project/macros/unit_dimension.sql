{#
    Dimension of a posting that a municipality's own name of it means, as unit_dimensions names it. A name that is not
    known is a cost centre: that is what most masters list.
#}
{% macro unit_dimension(column) -%}
    case
        when lower({{ column }}) in ('psp', 'psp_element', 'psp-element') then 'psp'
        when lower({{ column }}) in ('profit_centre', 'profitcenter', 'profitcentre') then 'profit_centre'
        when lower({{ column }}) in ('project', 'project_no', 'projekt', 'projektnr') then 'project'
        when lower({{ column }}) in ('department', 'afdeling') then 'department'
        when lower({{ column }}) in ('carrier', 'bærer', 'baerer') then 'carrier'
        when lower({{ column }}) in ('purpose', 'formål', 'formaal') then 'purpose'
        else 'cost_centre'
    end
{%- endmacro %}
