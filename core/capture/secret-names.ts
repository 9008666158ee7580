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

const isSecret = (name: string): boolean => {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return (WHOLE.has(plain) || PART.test(plain) || END.test(plain)) && !HARMLESS.has(plain);
};

/** `user[pin]` and `user.pin` are the pin of a user. */
const lastStepOf = (name: string): string => name.split(/[.[\]]+/).findLast((step) => step !== "") ?? name;

/** Does a header, JSON key, parameter, field or element of this name hold a secret? Case and separators do not matter. */
export type IsSecretName = (name: string) => boolean;

/** Remembers what it decided: the same few keys come again and again. */
export const createSecretNames = (): IsSecretName => {
  const isSecretName = remembered((name) => isSecret(name) || isSecret(lastStepOf(name)), MAX_NAME_CHARS);
  return (name) => (name.length > MAX_NAME_CHARS ? isSecret(name.slice(-MAX_NAME_CHARS)) : isSecretName(name));
};
