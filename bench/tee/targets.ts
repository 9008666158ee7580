import { type Certificate, makeCertificate } from "./certificate.ts";
import { ask, start } from "./process.ts";
import type { Scenario } from "./scenarios.ts";

/** The services around the subjects, each in a process of its own. */
export interface Targets {
  /** Origins such as http://127.0.0.1:3001. */
  readonly primary: string;
  readonly candidate: string;
  readonly secondary: string | undefined;
  readonly certificate: Certificate | undefined;
  /** How many mirrors were answered so far, over all lanes. */
  mirrored(): Promise<number>;
}

export const startTargets = async (
  { load, hasSecondary, isSecure }: Scenario,
  folder: string,
): Promise<Targets | { readonly skipped: string }> => {
  const certificate = isSecure ? makeCertificate(folder) : undefined;
  if (isSecure && certificate === undefined) return { skipped: "openssl is not installed" };
  const respond = async (lane: string) => {
    const args = [load, ...(certificate === undefined ? [] : [certificate])].map((arg) => JSON.stringify(arg));
    const { child, hello } = await start<{ port: number }>("responder.ts", lane, ...args);
    return { child, url: `${isSecure ? "https" : "http"}://127.0.0.1:${hello.port}` };
  };
  const primary = await respond("primary");
  const candidate = await respond("candidate");
  const secondary = hasSecondary ? await respond("secondary") : undefined;
  const mirrors = [candidate, ...(secondary === undefined ? [] : [secondary])];
  return {
    primary: primary.url,
    candidate: candidate.url,
    secondary: secondary?.url,
    certificate,
    async mirrored() {
      const counts = await Promise.all(mirrors.map(({ child }) => ask<{ answered: number }>(child, {})));
      return counts.reduce((sum, { answered }) => sum + answered, 0);
    },
  };
};
