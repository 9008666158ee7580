import type { IncomingMessage } from "node:http";
import { targetOf } from "../proxy/target.ts";
import type { Guarded } from "./answer-call.ts";
import type { Route } from "./door.ts";

const ABSOLUTE = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)(.*)$/is;

/** A target in absolute form, as to a proxy: where it leads, and the target to ask for there (RFC 9112 3.2.2). */
export const splitTarget = (target: string): { readonly authority: string | undefined; readonly rest: string } => {
  const [, , authority, rest = ""] = ABSOLUTE.exec(target) ?? [];
  if (authority === undefined) return { authority: undefined, rest: target };
  return { authority, rest: rest.startsWith("/") ? rest : `/${rest}` };
};

/** A port of its own: whatever Host says. */
export const toOne =
  (guarded: Guarded): Route =>
  ({ url = "/" }) => ({ guarded, target: splitTarget(url).rest });

/**
 * By the host that is called: an authority as the collaborator's address has it, or its host alone with the port of plain HTTP, since
 * that is how one that speaks TLS is called here.
 */
export const byHost = (all: readonly { readonly url: string; readonly guarded: Guarded }[]): Route => {
  const byAuthority = new Map<string, Guarded>();
  for (const { url, guarded } of all) {
    const { authority, hostname, port, secure } = targetOf(url);
    const names = [authority, `${hostname}:${port}`, ...(secure && port === 443 ? [`${hostname}:80`] : [])];
    for (const name of names) if (!byAuthority.has(name.toLowerCase())) byAuthority.set(name.toLowerCase(), guarded);
  }
  return ({ url = "/", headers }: IncomingMessage) => {
    const { authority, rest } = splitTarget(url);
    const guarded = byAuthority.get((authority ?? headers.host ?? "").toLowerCase());
    return guarded === undefined ? undefined : { guarded, target: rest };
  };
};
