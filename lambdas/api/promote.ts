import { ShadowgraphError } from "../../core/errors.ts";
import type { Baseline, BaselineFile, Overlay } from "../../core/sampling/environment.ts";
import { redactionOf } from "../../core/sampling/redaction.ts";

const MAX_NAME = 40;
const SUFFIX = "-baseline";

/** The overlay as a new baseline: what it changed where it changed it, its baseline's for the rest; what either redacts. @throws ShadowgraphError "not-allowed" */
export const promote = (
  { file }: Overlay,
  baseline: Baseline,
  wanted: { readonly name?: string | undefined; readonly version?: string | undefined },
  isReleased: boolean,
): BaselineFile => {
  const name = wanted.name ?? `${file.name.slice(0, MAX_NAME - SUFFIX.length)}${SUFFIX}`;
  const refuse = (detail: string) => new ShadowgraphError("not-allowed", detail);
  const changed = Object.entries(file.services).flatMap(([service, { url, setHeaders }]) => {
    if (url === undefined && isReleased) return [];
    if (url === undefined)
      throw refuse(
        `service "${service}" is deployed for this overlay alone and goes with it: release it first, \`shadowgraph overlay release ${file.name}\``,
      );
    if (Object.keys(setHeaders).length === 0) return [[service, { url }] as const];
    const detail = `service "${service}" is reached with headers of its own, which a baseline cannot hold`;
    throw refuse(`${detail}: create the baseline from a file`);
  });
  const services = { ...baseline.file.services, ...Object.fromEntries(changed) };
  const redact = redactionOf(baseline.file.redact, file.redact);
  return { name, version: wanted.version ?? file.version, services, ...(redact === undefined ? {} : { redact }) };
};
