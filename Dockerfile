# One image for every Airflow component and for the command line: python -m warehouse.cli
FROM python:3.12-slim

# runtime.txt for one machine; celery.txt is the same and what the profile celery of docker-compose.yml needs.
ARG REQUIREMENTS=requirements/runtime.txt

ENV PYTHONUNBUFFERED=1 \
    PYTHONPATH=/opt/ejendomstal \
    UV_PYTHON_DOWNLOADS=never \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false \
    DO_NOT_TRACK=1 \
    GX_ANALYTICS_ENABLED=false \
    SCARF_ANALYTICS=false

WORKDIR /opt/ejendomstal

# Before the code, so that a change of code does not install again.
COPY requirements requirements
RUN python -m pip install --no-cache-dir --require-hashes -r requirements/uv.txt \
    && uv pip install --system --no-cache --compile-bytecode --require-hashes -r "${REQUIREMENTS}"

COPY config config
COPY connectors connectors
COPY dags dags
COPY dbt_project dbt_project
COPY expectations expectations
COPY register register
COPY warehouse warehouse
RUN python -m compileall -q connectors dags expectations register warehouse \
    && useradd --uid 50000 --create-home ejendomstal \
    && install --directory --owner ejendomstal --mode 0700 /var/lib/ejendomstal

USER ejendomstal
CMD ["python", "-m", "warehouse.cli", "--help"]
