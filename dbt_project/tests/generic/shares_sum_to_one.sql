{# The shares of a cost unit in a year sum to exactly one: allocation neither loses nor makes an oere. #}
{% test shares_sum_to_one(model) %}
select municipality_code, fiscal_year, psp_element, cost_centre, sum(share) as share
from {{ model }}
group by municipality_code, fiscal_year, psp_element, cost_centre
having sum(share) <> 1
{% endtest %}
