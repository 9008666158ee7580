import { NO_REDACTION, type Redaction } from "./redaction.ts";
import { remembered } from "./remembered.ts";

/** Names, in lower case without separators, whose values are secret as a whole name only. */
const WHOLE: ReadonlySet<string> = new Set([
  "auth",
  "bearer",
  "cookie",
  "cookies",
  "setcookie",
  "csrf",
  "xsrf",
  "jwt",
  "otp",
  "totp",
  "mfacode",
  "pass",
  "pin",
  "pincode",
  "newpin",
  "oldpin",
  "cardpin",
  "userpin",
  "csc",
  "securitycode",
  "verificationcode",
  "sig",
  "sessionid",
  "jsessionid",
  "phpsessid",
  "sessid",
  "assertion",
  "clientassertion",
  "samlresponse",
  "codeverifier",
  "socialsecuritynumber",
]);

const PART = /passw(?:or)?d|passphrase|passcode|secret(?!ar)/;

const END =
  /(?:token|pwd|authorization|credentials?|signature|cvv2?|cvc2?|ssn|cardnumber|ccnumber|(?:api|access|private|secret|signing|encryption|master|shared|session|auth|subscription|functions?)keys?(?:id)?)$/;

/** End like a secret and are none: positions in lists, and a CORS header. */
const HARMLESS: ReadonlySet<string> = new Set([
  "nexttoken",
  "pagetoken",
  "nextpagetoken",
  "prevpagetoken",
  "previouspagetoken",
  "continuationtoken",
  "synctoken",
  "nextsynctoken",
  "withcredentials",
  "allowcredentials",
  "accesscontrolallowcredentials",
]);

const MAX_NAME_CHARS = 128;

/** Case and separators do not matter. */
export const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

const isSecret = (plain: string): boolean =>
  (WHOLE.has(plain) || PART.test(plain) || END.test(plain)) && !HARMLESS.has(plain);

/** `user[pin]` and `user.pin` are the pin of a user. */
const lastStepOf = (name: string): string => name.split(/[.[\]]+/).findLast((step) => step !== "") ?? name;

/** Does a header, JSON key, parameter, field or element of this name hold a secret? */
export type IsSecretName = (name: string) => boolean;

/** Remembers what it decided: the same few keys come again and again. */
const asked = (isIt: (name: string) => boolean): IsSecretName => {
  const isKnown = remembered(isIt, MAX_NAME_CHARS);
  return (name) => (name.length > MAX_NAME_CHARS ? isIt(name.slice(-MAX_NAME_CHARS)) : isKnown(name));
};

const among = (names: readonly string[]): ((name: string) => boolean) => {
  const plain = new Set(names.map(plainName));
  return (name) => plain.has(plainName(name)) || plain.has(plainName(lastStepOf(name)));
};

/** The defaults without those that are kept, and with those that are named. */
export const createSecretNames = ({ names, keep }: Pick<Redaction, "names" | "keep"> = NO_REDACTION): IsSecretName => {
  const [isNamed, isKept] = [among(names), among(keep)];
  const isDefault = (name: string) => isSecret(plainName(name)) || isSecret(plainName(lastStepOf(name)));
  return asked((name) => isNamed(name) || (isDefault(name) && !isKept(name)));
};

/** Parameters: those and these. */
export const withNames = (
  isSecretName: IsSecretName,
  names: readonly string[],
): { readonly isSecretParameter: IsSecretName; readonly isDeclaredParameter: IsSecretName | undefined } => {
  if (names.length === 0) return { isSecretParameter: isSecretName, isDeclaredParameter: undefined };
  const isDeclaredParameter = asked(among(names));
  return { isSecretParameter: (name) => isSecretName(name) || isDeclaredParameter(name), isDeclaredParameter };
};
