# The binary, a shell for the shell action, and certificates for HTTPS.
FROM debian:bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates npm util-linux
WORKDIR /build
COPY deno.json deno.lock main.ts ./
COPY src src
RUN npx -y deno@2.8.3 task compile
# What these programs need to run, and nothing else.
RUN mkdir -p /root-folder/bin /root-folder/tmp /root-folder/var/lib/forsun \
 && for program in dist/forsun /usr/bin/dash /usr/bin/setsid; do \
      ldd "$program" | grep -o '/[^ ]*' ; done | sort -u \
    | xargs -I{} cp --parents --dereference {} /root-folder/ \
 && cp /usr/bin/dash /root-folder/bin/sh \
 && cp /usr/bin/setsid dist/forsun /root-folder/bin/ \
 && ln -s forsun /root-folder/bin/forsund \
 && cp --parents --dereference /etc/ssl/certs/ca-certificates.crt /root-folder/ \
 && chmod 1777 /root-folder/tmp && chown -R 65532:65532 /root-folder/var/lib/forsun

FROM scratch
COPY --from=build /root-folder /
ENV PATH=/bin HOME=/var/lib/forsun STORE_MEM_STORE_FILE=/var/lib/forsun/forsun.dump
USER 65532:65532
VOLUME /var/lib/forsun
EXPOSE 6458
HEALTHCHECK --interval=30s --timeout=5s CMD ["/bin/forsun", "info", "--timeout", "4"]
ENTRYPOINT ["/bin/forsun"]
CMD ["serve", "--bind", "0.0.0.0"]
