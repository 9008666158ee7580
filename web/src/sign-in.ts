import { ApiFault, type Authorize } from "./api.ts";
import type { SignIn } from "./config.ts";

/** Who is signed in, as the issuer names them. */
export interface SignedIn {
  readonly name: string;
  readonly authorize: Authorize;
  readonly signOut: () => void;
}

interface Endpoints {
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly end_session_endpoint?: string;
}
interface Tokens {
  readonly access: string;
  readonly id: Claims;
  readonly refresh: string | undefined;
  /** Milliseconds since 1970. */
  readonly until: number;
}
type Claims = Readonly<Record<string, unknown>>;
/** Kept from leaving for the issuer until coming back. */
interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  readonly hash: string;
}

const PENDING_KEY = "shadowgraph.sign-in";
/** A token is renewed so long before it ends. */
const EARLY_MS = 60_000;

/**
 * OpenID Connect with the authorization code flow and PKCE (RFC 7636), as a public client. Tokens are in the memory of the page alone: whoever
 * reloads it goes by the issuer again, who knows them. Never returns where the browser leaves for the issuer.
 * @throws Error with what the issuer said
 */
export const signIn = async (config: SignIn): Promise<SignedIn> => {
  const endpoints = await endpointsOf(config);
  const answer = new URLSearchParams(location.search);
  const pending = takePending();
  if (answer.has("error")) throw refused(answer.get("error_description") ?? answer.get("error"));
  if (!answer.has("code") || pending === undefined) return leave(config, endpoints);
  if (answer.get("state") !== pending.state)
    throw refused("its answer belongs to another attempt; load the page again");
  history.replaceState(null, "", `${location.pathname}${pending.hash}`);
  const first = await tokensOf(endpoints, {
    grant_type: "authorization_code",
    code: answer.get("code")!,
    redirect_uri: redirectUri(),
    client_id: config.clientId,
    code_verifier: pending.verifier,
  });
  if (first.id.nonce !== pending.nonce) throw refused("the nonce of its token is not ours");
  return {
    name: nameIn(first.id),
    authorize: renewing(config, endpoints, first),
    signOut: () => signOut(config, endpoints),
  };
};

const refused = (why: string | null): Error => new Error(`signing in failed: ${why}`);

const endpointsOf = async ({ issuer }: SignIn): Promise<Endpoints> => {
  const url = `${issuer}/.well-known/openid-configuration`;
  const answer = await fetch(url, { credentials: "omit" }).catch(() => undefined);
  if (answer === undefined || !answer.ok) throw new Error(`signing in failed: ${url} does not answer`);
  const found = (await answer.json()) as Partial<Endpoints>;
  const { authorization_endpoint, token_endpoint, end_session_endpoint } = found;
  if (!isHttp(authorization_endpoint) || !isHttp(token_endpoint))
    throw new Error(`signing in failed: ${url} names no authorization_endpoint and token_endpoint`);
  return { authorization_endpoint, token_endpoint, ...(isHttp(end_session_endpoint) && { end_session_endpoint }) };
};

const isHttp = (url: unknown): url is string =>
  typeof url === "string" && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);

const redirectUri = (): string => `${location.origin}${location.pathname}`;

const leave = async ({ clientId, scope }: SignIn, endpoints: Endpoints): Promise<never> => {
  const pending: Pending = { state: chance(), nonce: chance(), verifier: chance(), hash: location.hash };
  sessionStorage.setItem(PENDING_KEY, JSON.stringify(pending));
  const challenge = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.verifier));
  const url = new URL(endpoints.authorization_endpoint);
  const query = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri(),
    scope,
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: base64Url(new Uint8Array(challenge)),
    code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  location.assign(url);
  return new Promise(() => {});
};

const takePending = (): Pending | undefined => {
  const kept = sessionStorage.getItem(PENDING_KEY);
  sessionStorage.removeItem(PENDING_KEY);
  return kept === null ? undefined : (JSON.parse(kept) as Pending);
};

const tokensOf = async ({ token_endpoint }: Endpoints, form: Readonly<Record<string, string>>): Promise<Tokens> => {
  const answer = await fetch(token_endpoint, { method: "POST", body: new URLSearchParams(form), credentials: "omit" });
  const found = (await answer.json().catch(() => ({}))) as Readonly<Record<string, unknown>>;
  if (!answer.ok || typeof found.access_token !== "string")
    throw refused(String(found.error_description ?? found.error ?? `its token endpoint answered ${answer.status}`));
  return {
    access: found.access_token,
    id: claimsIn(found.id_token),
    refresh: typeof found.refresh_token === "string" ? found.refresh_token : undefined,
    until: Date.now() + Number(found.expires_in ?? 300) * 1_000,
  };
};

/** Not checked: it came from the issuer itself, over a connection of our own (OpenID Connect Core 3.1.3.7, 6). */
const claimsIn = (token: unknown): Claims => {
  if (typeof token !== "string") return {};
  const [, payload = ""] = token.split(".");
  const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Claims;
};

const nameIn = ({ name, preferred_username, email, sub }: Claims): string =>
  String(name ?? preferred_username ?? email ?? sub ?? "signed in");

/** The header of each call; a token that is about to end is renewed once, whoever asks. */
const renewing = ({ clientId }: SignIn, endpoints: Endpoints, first: Tokens): Authorize => {
  let tokens = first;
  let renewal: Promise<void> | undefined;
  const renew = async (refresh: string): Promise<void> => {
    const form = { grant_type: "refresh_token", refresh_token: refresh, client_id: clientId };
    const next = await tokensOf(endpoints, form);
    tokens = { ...next, refresh: next.refresh ?? refresh };
  };
  return async () => {
    if (Date.now() > tokens.until - EARLY_MS && tokens.refresh !== undefined) {
      renewal ??= renew(tokens.refresh).finally(() => {
        renewal = undefined;
      });
      await renewal.catch(() => undefined);
    }
    if (Date.now() > tokens.until) throw ended();
    return `Bearer ${tokens.access}`;
  };
};

const ended = (): ApiFault =>
  new ApiFault({ status: 401, code: "forbidden", detail: "Your sign-in has ended: load the page again.", faults: [] });

const signOut = ({ clientId }: SignIn, { end_session_endpoint }: Endpoints): void => {
  const url = new URL(end_session_endpoint ?? redirectUri());
  if (end_session_endpoint !== undefined) {
    url.searchParams.set("client_id", clientId);
    url.searchParams.set("post_logout_redirect_uri", redirectUri());
  }
  location.assign(url);
};

const chance = (): string => base64Url(crypto.getRandomValues(new Uint8Array(32)));

const base64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
