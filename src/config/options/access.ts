import {
  fileMode,
  flag,
  hostNames,
  optionalPath,
  plainText,
} from "../value_schemas.ts";
import type { Option } from "./option.ts";

/** Options of [access]: who may do what. */
export const accessOptions = {
  tokens: {
    name: "access.tokens",
    variables: ["FORSUN_TOKENS"],
    about: "tokens that clients show: ROLE:TOKEN with read, write or admin",
    schema: plainText,
    default: "",
    isSecret: true,
    isReloadable: true,
  },
  tokenFile: {
    name: "access.token_file",
    flag: "token-file",
    value: "FILE",
    about: "file of tokens that clients show, one ROLE TOKEN a line",
    schema: optionalPath,
    default: "",
    isReloadable: true,
  },
  allow: {
    name: "access.allow",
    flag: "allow",
    value: "CIDR[=ROLE]",
    isList: true,
    about: "clients of this network need no token; may come several times",
    schema: plainText,
    default: "",
    isReloadable: true,
  },
  httpHosts: {
    name: "access.http_hosts",
    about:
      "names, besides localhost and that of http_bind, under which HTTP is used without a token",
    schema: hostNames,
    default: "",
    isReloadable: true,
  },
  tlsCert: {
    name: "access.tls_cert",
    flag: "tls-cert",
    value: "FILE",
    about: "speak TLS on both ports with this certificate and chain (PEM)",
    schema: optionalPath,
    default: "",
  },
  tlsKey: {
    name: "access.tls_key",
    flag: "tls-key",
    value: "FILE",
    about: "the certificate's key (PEM)",
    schema: optionalPath,
    default: "",
  },
  socket: {
    name: "access.socket",
    flag: "socket",
    value: "FILE",
    about: "serve Thrift on this unix socket, too; it needs no token",
    schema: optionalPath,
    default: "",
  },
  httpSocket: {
    name: "access.http_socket",
    flag: "http-socket",
    value: "FILE",
    about: "serve HTTP on this unix socket, too; it needs no token",
    schema: optionalPath,
    default: "",
  },
  socketMode: {
    name: "access.socket_mode",
    about: "file mode of unix sockets",
    schema: fileMode,
    default: "0600",
  },
  insecure: {
    name: "access.insecure",
    flag: "insecure",
    about: "let everyone who reaches the address run shell commands",
    schema: flag,
    default: "false",
  },
} as const satisfies Readonly<Record<string, Option>>;
