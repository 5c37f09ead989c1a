# The program, what the shell action needs, certificates for HTTPS, and nothing
# else: scripts/root_folder.ts says what that is.
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates npm util-linux
WORKDIR /build
COPY deno.json deno.lock main.ts ./
COPY src src
COPY scripts scripts
RUN npx -y deno@2.8.3 task compile
RUN npx -y deno@2.8.3 run -A scripts/root_folder.ts dist/forsun /root-folder

FROM scratch
COPY --from=build /root-folder /
ENV PATH=/bin HOME=/var/lib/forsun DENO_TLS_CA_STORE=system \
    BIND_ADDRESS=0.0.0.0 ACCESS_SOCKET=/tmp/forsun.sock \
    STORE_MEM_STORE_FILE=/var/lib/forsun/forsun.dump
USER 65532:65532
VOLUME /var/lib/forsun
EXPOSE 6458
# It starts only when it is told who may do what, by FORSUN_TOKENS say; the unix
# socket is for what runs inside.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["/bin/forsun", "info", "--host", "unix:/tmp/forsun.sock", "--timeout", "4"]
ENTRYPOINT ["/bin/forsun"]
CMD ["serve"]
