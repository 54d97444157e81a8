# The image of ESW: web, worker, beat and migrate are the same one with other commands (docker-compose.yml).
#
# It is built by the targets of the Makefile, so that it cannot drift from what `make run` sets up. What changes
# seldom comes first: after a change of ESW's own code only the last layers are made anew.

FROM python:3.13-slim AS base
ENV PATH=/srv/esw/.venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/data
WORKDIR /srv/esw

# --- .venv, without what only tests need --------------------------------------------------------------------
FROM base AS packages
ENV PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN apt-get update \
 && apt-get install --yes --no-install-recommends make \
 && rm -rf /var/lib/apt/lists/*
COPY Makefile requirements.txt requirements-ocr.txt ./
COPY scripts/python.sh scripts/
RUN make .venv/.made .venv/.made-ocr
# The Makefile forgives a machine that has no such packages; the image has them.
RUN test -f .venv/.made-ocr

# --- what is made from npm's packages; neither Node nor node_modules reaches the image -------------------------
FROM packages AS built
COPY package.json package-lock.json ./
COPY scripts/npm.sh scripts/
RUN make node_modules/.made
COPY . .
RUN make static-built/.made fonts-built/.made

# --- the image ---------------------------------------------------------------------------------------------------
FROM base
# LibreOffice without its screens makes pages of office documents; the fonts are those that such documents ask for.
# ffmpeg makes recordings of sound and film anew.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui \
    libreoffice-impress-nogui fonts-liberation fonts-crosextra-carlito fonts-crosextra-caladea fonts-noto-core ffmpeg \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin esw \
 && install --directory --owner esw --group esw --mode 700 /data
COPY --from=packages /srv/esw/.venv .venv
COPY . .
COPY --from=built /srv/esw/static-built static-built
COPY --from=built /srv/esw/fonts-built fonts-built
RUN python -m compileall -q .
USER esw
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=6s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=5)"]
CMD ["python", "manage.py", "serve", "--host", "0.0.0.0", "--port", "8000"]
