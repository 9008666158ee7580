import type { Mark } from "./marker.ts";
import type { IsSecretName } from "./secret-names.ts";

const BYTE = /%([0-9a-f]{2})/gi;
const RESERVED = /[^\w.~:-]/g;

/** Percent-encoding undone, as latin-1. */
export const decoded = (text: string): string =>
  text.replaceAll("+", " ").replace(BYTE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const encoded = (text: string): string =>
  text.replace(RESERVED, (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);

export interface ParameterSecrets {
  readonly mark: Mark;
  readonly isSecretParameter: IsSecretName;
  /** Redacts what a value holds once it is decoded: JSON, or a URL. */
  readonly redactWithin: (value: string) => string;
}

/** Redacts within percent-encoding: written anew where something was secret. */
export const redactEncoded = (value: string, redactWithin: ParameterSecrets["redactWithin"]): string => {
  if (!value.includes("%")) return value;
  const plain = decoded(value);
  const redacted = redactWithin(plain);
  return redacted === plain ? value : encoded(redacted);
};

/** Replaces the values of secret parameters of a query or a form, and secrets within the other values: `a=1&token=x`. */
export const redactParameters = (text: string, { mark, isSecretParameter, redactWithin }: ParameterSecrets): string => {
  const parameters = text.split(/([&;?#])/).map((parameter) => {
    const start = parameter.indexOf("=") + 1;
    const name = start === 0 ? "" : parameter.slice(0, start - 1);
    const value = parameter.slice(start);
    const isSecret = name !== "" && value !== "" && isSecretParameter(name.includes("%") ? decoded(name) : name);
    return parameter.slice(0, start) + (isSecret ? mark("s", value) : redactEncoded(value, redactWithin));
  });
  return parameters.join("");
};
