import { join } from "node:path";

/** A certificate for 127.0.0.1 and localhost, made by an authority that made itself. */
export interface Certificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Makes an authority in `folder`, and certificates by it. */
export async function createAuthority(folder: string): Promise<{
  readonly caFile: string;
  create(name: string): Promise<Certificate>;
}> {
  const at = (name: string) => join(folder, name);
  const caFile = at("ca.pem");
  await openssl(
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    ...["-nodes", "-keyout", at("ca.key"), "-out", caFile, "-days", "2"],
    ...["-subj", "/CN=authority"],
  );
  await Deno.writeTextFile(
    at("names"),
    "subjectAltName=DNS:localhost,IP:127.0.0.1",
  );
  return {
    caFile,
    async create(name: string): Promise<Certificate> {
      const [keyFile, certFile] = [at(`${name}.key`), at(`${name}.crt`)];
      await openssl(
        ...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
        ...["-nodes", "-keyout", keyFile, "-out", at("request")],
        ...["-subj", `/CN=${name}`],
      );
      await openssl(
        ...["x509", "-req", "-in", at("request"), "-CA", caFile],
        ...["-CAkey", at("ca.key"), "-CAcreateserial", "-days", "2"],
        ...["-out", certFile, "-extfile", at("names")],
      );
      return { certFile, keyFile };
    },
  };
}

/** The name in the certificate of who serves TLS there. */
export async function servedName(port: number): Promise<string> {
  const show = `echo | openssl s_client -connect 127.0.0.1:${port} 2>/dev/null |
    openssl x509 -noout -subject`;
  const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", show] })
    .output();
  return /CN ?= ?(\S+)/.exec(new TextDecoder().decode(stdout))?.[1] ?? "";
}

async function openssl(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
