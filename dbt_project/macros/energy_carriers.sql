{# Carriers of energy and water. One file: the words of the sources, and what a carrier's meter measures. #}

{# A carrier, of a word of a meter list, a factor file or an EK109 code. Words that are not here are no carrier. #}
{% macro energy_carrier(column) -%}
    case lower(trim({{ column }}))
        {%- for carrier, words in {
            'electricity': ['el', 'elektricitet', 'strøm', 'electricity'],
            'solar': ['sol', 'solcelle', 'solceller', 'solcelleanlæg', 'egenproduktion', 'egen el', 'solar'],
            'wind': ['vind', 'vindmølle', 'wind'],
            'electricity_sold': ['solgt el', 'elsalg', 'salg af el', 'levering til net', 'electricity_sold'],
            'heat': ['varme', 'heat', 'heating'],
            'district_heating': ['fjernvarme', 'district heating', 'district_heating'],
            'central_heating': ['centralvarme', 'central heating', 'central_heating'],
            'gas': ['gas', 'naturgas', 'bygas', 'natural gas'],
            'biogas': ['biogas'],
            'oil': ['olie', 'fyringsolie', 'oil', 'heating oil'],
            'wood_pellets': ['træpiller', 'wood pellets', 'wood_pellets'],
            'wood_chips': ['flis', 'træflis', 'wood chips', 'wood_chips'],
            'straw': ['halm', 'straw'],
            'heat_pump': ['varmepumpe', 'heat pump', 'heat_pump'],
            'cooling': ['køl', 'køling', 'fjernkøling', 'cooling', 'district cooling'],
            'water': ['vand', 'koldt vand', 'brugsvand', 'water'],
        }.items() %}
        {%- for word in words %}
        when '{{ word }}' then '{{ carrier }}'
        {%- endfor %}
        {%- endfor %}
    end
{%- endmacro %}

{# The measure that a carrier counts in; another carrier (compressed air) in none. #}
{% macro carrier_measure(carrier) -%}
    case
        when {{ carrier }} = 'electricity' then 'Q_EL'
        when {{ carrier }} in ('solar', 'wind', 'electricity_sold', 'own_electricity') then 'Q_EL_EGEN'
        when {{ carrier }} = 'cooling' then 'Q_KOEL'
        when {{ carrier }} = 'water' then 'Q_VAND'
        when {{ carrier }} in (
            'heat', 'district_heating', 'central_heating', 'gas', 'biogas', 'oil', 'wood_pellets', 'wood_chips', 'straw',
            'heat_pump'
        ) then 'Q_VARME'
    end
{%- endmacro %}

{# A unit as the conversions know it: m³ and Nm3 are m3, liter is l, tons of fuel are t. #}
{% macro quantity_unit(column) -%}
    case replace(lower(trim({{ column }})), '³', '3')
        when 'nm3' then 'm3'
        when 'kubikmeter' then 'm3'
        when 'liter' then 'l'
        when 'ton' then 't'
        when 'tonne' then 't'
        when 'tons' then 't'
        else replace(lower(trim({{ column }})), '³', '3')
    end
{%- endmacro %}
