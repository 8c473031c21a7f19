# Builds ocg from this checkout and puts it, alone, into a small image. How to run it: docs/service.md.
FROM rust:1.95-slim-trixie AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc g++ libc6-dev make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --locked --release --package ocg-cli \
    && cp target/release/ocg /ocg

FROM debian:trixie-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --user-group --no-create-home --home-dir /state ocg \
    && install --directory --owner=ocg --group=ocg --mode=0700 /state
COPY --from=build /ocg /usr/local/bin/ocg
USER ocg
WORKDIR /state
ENV HOME=/state OCG_STATE_DIR=/state
VOLUME /state
# The callback server, where it is used.
EXPOSE 3457
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s CMD ["ocg", "status"]
ENTRYPOINT ["ocg"]
CMD ["start"]
