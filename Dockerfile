# Senne's image: the site, and any other `senne` command. docker-compose.yml shows the processes together.

# The packages of the lock files, and Senne as one wheel with its translations compiled.
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY requirements/ requirements/
RUN python -m venv /opt/tools \
 && /opt/tools/bin/pip install --no-cache-dir --require-hashes --no-deps --requirement requirements/bootstrap.txt \
 && python -m venv --without-pip /opt/senne \
 && /opt/tools/bin/uv pip install --no-cache --python /opt/senne/bin/python --compile-bytecode --require-hashes \
    --requirement requirements/postgresql.txt --requirement requirements/vectors.txt
COPY . .
RUN /opt/senne/bin/pybabel compile --directory web/translations \
 && /opt/tools/bin/uv build --wheel --no-build-isolation --python /opt/tools/bin/python --out-dir /dist . \
 && /opt/tools/bin/uv pip install --no-cache --python /opt/senne/bin/python --compile-bytecode --no-deps /dist/*.whl

# What runs: Python, the packages, no compiler, no installer, no source tree.
FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /var/lib/senne --create-home senne
COPY --from=build /opt/senne /opt/senne
ENV PATH=/opt/senne/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SENNE_DATA_DIR=/var/lib/senne \
    SENNE_PORT=8000
USER senne
WORKDIR /var/lib/senne
VOLUME /var/lib/senne
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['SENNE_PORT']), timeout=3); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["senne"]
CMD ["serve", "--host", "0.0.0.0"]
