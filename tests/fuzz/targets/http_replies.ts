import { parseChallenges } from "../../../src/action/auth_challenge.ts";
import { digestChallenge } from "../../../src/action/digest_auth.ts";
import { retryAfterSeconds } from "../../../src/action/retry_after.ts";
import { textTarget } from "../text_target.ts";

/** What servers say of authentication and waiting. */
export const httpReplies = textTarget({
  name: "http replies",
  seeds: [
    'Digest realm="a@b", qop="auth,auth-int", nonce="n", opaque="o", algorithm=MD5',
    'Basic realm="x", Digest realm="y", nonce="z", stale=TRUE, algorithm=SHA-256-sess',
    "Negotiate YII=, Bearer, NTLM",
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "120",
  ],
  dictionary: [
    ...["Digest ", "Basic ", "realm=", "nonce=", "qop=", "auth", "auth-int"],
    ...["algorithm=", "MD5-sess", "SHA-256", "opaque=", "stale=", "GMT", ", "],
  ],
  parse(text) {
    const wait = retryAfterSeconds(text, 1_700_000_000_000);
    const schemes = parseChallenges(text).map(({ scheme }) => scheme);
    const challenge = digestChallenge(text);
    return `${wait === undefined} ${Math.min(schemes.length, 9)} ${
      challenge !== undefined
    }`;
  },
  isRefusal: () => false,
  usualRuns: 4000,
});
