"""The command line `ejendomstal`. Every command calls a function that an Airflow task calls too."""

import typer

from warehouse.cli import backups, chain, configuration, deliveries, doctor, edition, gate, mapping, register, sources

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Key figures on Danish municipal property.")
app.command()(sources.sources)
app.command()(sources.pull)
app.add_typer(deliveries.app, name="deliveries")
app.add_typer(configuration.app, name="config")
app.add_typer(register.app, name="register")
app.command()(configuration.new_municipality)
app.add_typer(mapping.app, name="mapping")
app.add_typer(gate.app, name="gate")
app.add_typer(edition.app, name="edition")
for command in (chain.build, chain.publish, chain.run, chain.status, chain.explain, chain.docs):
    app.command()(command)
app.command()(backups.backup)
app.command()(backups.restore)
app.command()(doctor.doctor)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(chain.psql)
