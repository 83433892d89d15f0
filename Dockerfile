# The compendium in a container, from the lock alone: `docker build -t compendium . && docker run compendium` re-runs all.
# The stage `environment` is what .devcontainer/ opens. docs/reuse/elsewhere.md says what of it was tried, and how.
FROM debian:trixie-slim AS environment

# Debian's mirrors keep one version of a package at a time, so that a version that is named here would soon be gone.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates git python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --shell /bin/bash reader

COPY requirements.txt /tmp/requirements.txt
RUN python3 -m venv /opt/environment \
    && /opt/environment/bin/python -m pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt \
    && rm /tmp/requirements.txt
ENV PATH=/opt/environment/bin:$PATH PYTHONHASHSEED=0 JUPYTER_PLATFORM_DIRS=1
USER reader

FROM environment AS compendium
COPY --chown=reader . /compendium
WORKDIR /compendium
ENV PYTHONPATH=/compendium
CMD ["sh", "-c", "python -m analysis verify && python -m analysis reproduce"]
