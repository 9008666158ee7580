import type { Mark } from "./marker.ts";
import type { IsSecretName } from "./secret-names.ts";

export interface HeaderSecrets {
  readonly mark: Mark;
  readonly isSecretName: IsSecretName;
  /** Names in lower case. */
  readonly secretHeaders: ReadonlySet<string>;
  readonly redactTarget: (target: string) => string;
  readonly redactText: (text: string) => string;
}

/** Schemes whose name is no secret (the IANA registry, and common ones). */
const AUTHORIZATION =
  /^(basic|bearer|digest|dpop|hoba|mutual|negotiate|ntlm|token|apikey|aws4-hmac-sha256|hmac)( +)(.+)$/is;
/** Challenges: what they hold is for everyone to read. */
const CHALLENGES: ReadonlySet<string> = new Set(["www-authenticate", "proxy-authenticate"]);
/** A URL and nothing else. */
const URLS: ReadonlySet<string> = new Set(["location", "content-location", "referer"]);

const redactAuthorization = (value: string, mark: Mark): string => {
  const parts = AUTHORIZATION.exec(value);
  return parts === null ? mark("s", value) : `${parts[1]}${parts[2]}${mark("s", parts[3]!)}`;
};

/** `name=value`: the value; a cookie without a name is all value. An empty value, which deletes a cookie, is no secret. */
const redactCookie = (cookie: string, mark: Mark): string => {
  const rest = cookie.slice(cookie.indexOf("=") + 1);
  const value = rest.trim();
  if (value === "") return cookie;
  const from = cookie.length - rest.trimStart().length;
  return cookie.slice(0, from) + mark("s", value) + cookie.slice(from + value.length);
};

const redactSetCookie = (value: string, mark: Mark): string => {
  const end = value.indexOf(";");
  return end === -1 ? redactCookie(value, mark) : redactCookie(value.slice(0, end), mark) + value.slice(end);
};

/** The value of a header; its name in lower case. */
export const redactHeader = (name: string, value: string, secrets: HeaderSecrets): string => {
  const { mark, isSecretName, secretHeaders, redactTarget, redactText } = secrets;
  if (value === "") return value;
  if (secretHeaders.has(name)) return mark("s", value);
  if (CHALLENGES.has(name)) return value;
  if (name === "authorization" || name === "proxy-authorization") return redactAuthorization(value, mark);
  if (name === "cookie")
    return value
      .split(";")
      .map((cookie) => redactCookie(cookie, mark))
      .join(";");
  if (name === "set-cookie") return redactSetCookie(value, mark);
  if (isSecretName(name)) return mark("s", value);
  return redactText(URLS.has(name) ? redactTarget(value) : value);
};
