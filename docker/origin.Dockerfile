# The scripted origin of the tests, for docker/compose.yaml.
FROM debian:12
RUN apt-get update -q && apt-get install -q -y --no-install-recommends python3 python3-cryptography python3-h2 && rm -rf /var/lib/apt/lists/*
COPY tests/support /origin/
RUN useradd --system origin && install -d -o origin /authority
USER origin
ENTRYPOINT ["python3", "/origin/scripted_origin.py"]
