"""`python -m warehouse.cli`: the same as `ejendomstal`."""

from warehouse.cli import app

app()
