/** What {@link maskUrls} hides, and behind what. */
export interface MaskUrlsOptions {
  /** What is shown in the place of a secret. */
  readonly mask: string;
  /** Whether the variable `name` of a query holds a secret. */
  readonly isSecretName: (name: string) => boolean;
}

/**
 * `text` with the secrets of the URLs in it masked: passwords and, for http and
 * https, users without one, since those are tokens. Where all of `text` is one
 * URL, every spelling that the URL standard takes counts (`http:\me:a b@host`),
 * and secret variables of the query are masked, too. Masking twice is masking
 * once. Takes linear time.
 */
export function maskUrls(text: string, options: MaskUrlsOptions): string {
  if (!/[@?#]/.test(text)) return text;
  const { mask } = options;
  return maskWholeUrl(text, options).replace(
    userInText,
    (_, scheme = "", slashes: string, user: string) =>
      `${scheme}${slashes}${maskUser(user, { mask, isHttp: scheme !== "" })}@`,
  );
}

function maskWholeUrl(
  text: string,
  { mask, isSecretName }: MaskUrlsOptions,
): string {
  const url = schemeFirst.test(text) ? URL.parse(text) : null;
  if (url === null) return text;
  const end = text.search(/[?#]|$/);
  const query = text.slice(end).replace(
    queryVariable,
    (whole, start: string, name: string) =>
      isSecretName(decoded(name)) ? `${start}${name}=${mask}` : whole,
  );
  if (url.username === "" && url.password === "") {
    return text.slice(0, end) + query;
  }
  const isHttp = /^https?:$/.test(url.protocol);
  const place = text.slice(0, end).replace(
    isHttp ? userOfHttpUrl : userOfUrl,
    (_, start: string, user: string) =>
      `${start}${maskUser(user, { mask, isHttp })}@`,
  );
  return place + query;
}

/** What stands before the @, as it is shown. */
function maskUser(
  user: string,
  { mask, isHttp }: { readonly mask: string; readonly isHttp: boolean },
): string {
  const [, name, password] = /^([^:]*):?[\t\r\n]*(.*)$/s.exec(user) ?? [];
  if (password) return `${name}:${mask}`;
  return isHttp && name ? mask : user;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // not percent-encoded after all
  }
}

/** Up to the last @ before the path. */
const userInText = /(https?)?(:[/\\]{2})([^\s/\\?#]*)@/gi;

// URL parsers skip controls and spaces in front, tabs and line ends anywhere.
const schemeFirst = /^[\0- ]*[a-z][a-z\d+.\t\r\n-]*:/i;
const userOfHttpUrl = /^([^:]*:[/\\\t\r\n]*)([^/\\]*)@/;
/** Of a scheme that has no backslashes for slashes. */
const userOfUrl = /^([^:]*:[/\\\t\r\n]*)([^/]*)@/;

const queryVariable = /([?&#])([^=&?#]+)=[^&#]+/g;
