/** config.json, beside index.html: where the API answers and who signs people in. Left out: this origin, and nobody. */
export interface Config {
  /** Without a slash at its end; "" is the origin that served the page. */
  readonly api: string;
  readonly signIn: SignIn | null;
}
/** An OIDC issuer, and this page as its public client. */
export interface SignIn {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
}

const CONFIG_FILE = "config.json";

/** @throws Error that names the field at fault */
export const readConfig = async (): Promise<Config> => {
  const answer = await fetch(CONFIG_FILE, { cache: "no-cache" });
  if (!answer.ok) throw new Error(`${CONFIG_FILE} is missing beside index.html (status ${answer.status})`);
  return parseConfig(await answer.json());
};

export const parseConfig = (value: unknown): Config => {
  const { api = "", signIn, ...others } = record(value, "the file");
  refuseOthers(others, ["api", "signIn"]);
  return { api: api === "" ? "" : url(api, "api"), signIn: signIn == null ? null : parseSignIn(signIn) };
};

const parseSignIn = (value: unknown): SignIn => {
  const { issuer, clientId, scope = "openid profile email", ...others } = record(value, "signIn");
  refuseOthers(others, ["signIn.issuer", "signIn.clientId", "signIn.scope"]);
  return {
    issuer: url(issuer, "signIn.issuer"),
    clientId: text(clientId, "signIn.clientId"),
    scope: text(scope, "signIn.scope"),
  };
};

const fault = (field: string, message: string, got: unknown): Error =>
  new Error(`${CONFIG_FILE}: ${field} ${message}; got ${JSON.stringify(got)}`);

const record = (value: unknown, field: string): Readonly<Record<string, unknown>> => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw fault(field, "must be an object", value);
  return value as Readonly<Record<string, unknown>>;
};

const refuseOthers = (others: object, allowed: readonly string[]): void => {
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw fault(unknown, `is no field: allowed are ${allowed.join(", ")}`, unknown);
};

const text = (value: unknown, field: string): string => {
  if (typeof value !== "string" || value === "") throw fault(field, "must be a text that is not empty", value);
  return value;
};

const url = (value: unknown, field: string): string => {
  const given = text(value, field);
  const isHttp = URL.canParse(given) && ["https:", "http:"].includes(new URL(given).protocol);
  if (!isHttp) throw fault(field, "must be an https URL", value);
  return given.replace(/\/+$/, "");
};
