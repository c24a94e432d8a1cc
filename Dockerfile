# The image of web, worker, beat, relay and prepare: the command says which. See docker-compose.yml.

# The front end: packages by lock file, theme compiled; only the result goes on.
FROM python:3.11-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json requirements-node.txt ./
COPY tools tools
COPY web/theme web/theme
RUN python -m tools.frontend

FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=nrs.settings DATA_DIR=/data HOST=0.0.0.0 PORT=8000
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
COPY --from=frontend /app/web/vendor web/vendor
RUN python -m compileall -q . \
    && python -m tools.prepare messages \
    && useradd --system --uid 10001 nrs \
    && install -d -o nrs /data
USER nrs
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "nrs.wsgi:application", "-c", "nrs/gunicorn_conf.py"]
