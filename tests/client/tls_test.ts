import assert from "node:assert/strict";
import { join } from "node:path";
import { ForsunClient } from "../../mod.ts";
import { createAuthority } from "../support/certificates.ts";
import { startDaemon } from "../support/daemon_process.ts";
import { requireCommand, testWith } from "../support/services.ts";
import { tempFolder } from "../support/temp_folder.ts";
import { TcpProxy } from "./tcp_proxy.ts";

testWith(
  { openssl: await requireCommand("openssl") },
  "ForsunClient speaks TLS with a name or an address, and doesn't insist on a wrong certificate",
  async () => {
    await using folder = await tempFolder();
    const authority = await createAuthority(folder.path);
    const { certFile, keyFile } = await authority.create("daemon");
    await using daemon = await startDaemon({
      file: join(folder.path, "store"),
      args: ["--tls-cert", certFile, "--tls-key", keyFile],
    });
    await using proxy = new TcpProxy(daemon.port);
    await proxy.start();
    const ca = await Deno.readTextFile(authority.caFile);
    for (const host of [undefined, "127.0.0.1", "localhost"]) {
      using forsun = new ForsunClient({ host, port: proxy.port, tls: { ca } });
      await forsun.ping();
    }
    proxy.accepted = 0;
    using other = new ForsunClient({
      port: proxy.port,
      tls: {},
      connectTimeoutMs: 20_000,
    });
    await assert.rejects(other.ping(), {
      code: "connection",
      message: /^Cannot connect to 127\.0\.0\.1:\d+: .*certificate/,
    });
    assert.equal(proxy.accepted, 1);
  },
);
