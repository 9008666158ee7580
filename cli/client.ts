import type * as z from "zod";
import type { RulesFile } from "../core/diff/rules.ts";
import { ERROR_CODES, type ErrorCode, type FieldFault, ShadowgraphError } from "../core/errors.ts";
import { TEXT_FORMATS, type TextFormat } from "../core/report/formats.ts";
import type { Baseline, OverlayFile } from "../core/sampling/environment.ts";
import type {
  AuditShape,
  EnvironmentRow,
  EnvironmentShape,
  EnvVerdictShape,
  FindingsShape,
  OneFindingShape,
  OverlayShape,
  PreviewShape,
  ReleaseShape,
  ReportShape,
  RulesShape,
  ShadowShape,
  SuggestionsShape,
} from "../lambdas/api/shapes.ts";
import type { BypassShape } from "../lambdas/api/shapes-bypass.ts";
import type { LatencyReportShape } from "../lambdas/api/shapes-latency.ts";
import type { RecheckShape } from "../lambdas/api/shapes-recheck.ts";
import type { ReplayShape } from "../lambdas/api/shapes-replay.ts";
import type { RunsComparedShape, RunsShape } from "../lambdas/api/shapes-runs.ts";
import type { BaselineRead } from "./baseline-file.ts";
import type { Io } from "./io.ts";

export const DEFAULT_API = "http://127.0.0.1:8081";
const TIMEOUT_MS = 30_000;

type Query = Readonly<Record<string, string | number | undefined>>;

/** Values for what was hidden: sent with each step, kept nowhere. */
type Fill = Readonly<Record<string, string>>;

interface RecheckWish {
  readonly findings?: readonly string[] | undefined;
  readonly all: boolean;
  readonly service?: string | undefined;
  readonly requests?: number | undefined;
  readonly times?: number | undefined;
  readonly rate?: number | undefined;
  readonly fill: Fill;
}

interface ReplayWish {
  readonly from: number;
  readonly to: number;
  readonly speed?: number | undefined;
  readonly rate?: number | undefined;
  readonly dryRun: boolean;
  readonly service?: string | undefined;
  readonly fill: Fill;
}

/** The HTTP API, typed. Every method throws a ShadowgraphError with the API's own code and faults. */
export type Client = ReturnType<typeof createClient>;

export const createClient = (api: string, io: Pick<Io, "fetch">) => {
  const base = api.replace(/\/+$/, "");
  const send = async (method: string, path: string, body?: unknown): Promise<Response> => {
    const init =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
    let response: Response;
    try {
      const signal = AbortSignal.timeout(TIMEOUT_MS);
      response = await io.fetch(`${base}${path}`, { method, redirect: "manual", signal, ...init });
    } catch (cause) {
      throw cause instanceof ShadowgraphError ? cause : noAnswer(base, cause);
    }
    if (response.ok) return response;
    throw await refusalOf(response, base);
  };
  const read = async (response: Response, mediaType: string): Promise<string> => {
    if (!response.headers.get("content-type")?.startsWith(mediaType)) throw noApi(base, response);
    return response.text().catch((cause) => {
      throw noAnswer(base, cause);
    });
  };
  const json = async <T>(method: string, path: string, body?: unknown): Promise<T> =>
    JSON.parse(await read(await send(method, path, body), "application/json"));
  const get = <T>(path: string): Promise<T> => json<T>("GET", path);
  const overlay = (id: string): string => `/overlays/${encodeURIComponent(id)}`;
  const env = (id: string): string => `/environments/${encodeURIComponent(id)}`;
  return {
    baselines: () => get<{ baselines: Baseline[] }>("/baselines"),
    baseline: (id: string) => get<Baseline>(`/baselines/${encodeURIComponent(id)}`),
    createBaseline: (body: Pick<BaselineRead, "file" | "schemas">) => json<Baseline>("POST", "/baselines", body),
    overlays: () => get<{ overlays: OverlayShape[] }>("/overlays"),
    overlay: (id: string) => get<OverlayShape>(overlay(id)),
    createOverlay: (body: {
      baseline: string;
      file: OverlayFile;
      name?: string | undefined;
      replace: boolean;
      control: boolean;
    }) => json<OverlayShape>("POST", "/overlays", body),
    /** False: it is begun, and goes on. */
    deleteOverlay: async (id: string) => (await send("DELETE", overlay(id))).status !== 202,
    release: (id: string, body: { force: boolean; because?: string | undefined }) =>
      json<ReleaseShape>("POST", `${overlay(id)}/release`, body),
    shownRelease: (id: string) => get<ReleaseShape>(`${overlay(id)}/release`),
    environments: () => get<{ environments: EnvironmentRow[] }>("/environments"),
    environment: (id: string) => get<EnvironmentShape>(env(id)),
    promote: (id: string, body: { name?: string | undefined; version?: string | undefined }) =>
      json<Baseline>("POST", `${env(id)}/promote`, body),
    shadow: (id: string) => get<ShadowShape>(`${env(id)}/shadow`),
    setShadow: (id: string, body: { enabled: boolean; percent?: number | undefined; newRun: boolean }) =>
      json<ShadowShape>("PUT", `${env(id)}/shadow`, body),
    rules: (id: string) => get<RulesShape>(`${env(id)}/rules`),
    setRules: (id: string, file: z.infer<typeof RulesFile>) => json<RulesShape>("PUT", `${env(id)}/rules`, file),
    previewRules: (id: string, file: z.infer<typeof RulesFile>) =>
      json<PreviewShape>("POST", `${env(id)}/rules/preview`, file),
    suggestedRules: (id: string) => get<SuggestionsShape>(`${env(id)}/rules/suggestions`),
    findings: (id: string, query: Query) => get<FindingsShape>(`${env(id)}/diffs${search(query)}`),
    finding: (id: string, finding: string) =>
      get<z.infer<typeof OneFindingShape>>(`${env(id)}/diffs/${encodeURIComponent(finding)}`),
    verdict: (id: string, tolerance?: number) => get<EnvVerdictShape>(`${env(id)}/verdict${search({ tolerance })}`),
    latency: (id: string, query: Query) => get<LatencyReportShape>(`${env(id)}/latency${search(query)}`),
    report: (id: string, tolerance?: number) => get<ReportShape>(`${env(id)}/report${search({ tolerance })}`),
    reportText: async (id: string, format: TextFormat, tolerance?: number) =>
      read(await send("GET", `${env(id)}/report${search({ format, tolerance })}`), TEXT_FORMATS[format].mediaType),
    beginRecheck: (id: string, body: RecheckWish) => json<RecheckShape>("POST", `${env(id)}/recheck`, body),
    goOnRecheck: (id: string, body: { readonly continue: string; readonly fill: Fill }) =>
      json<RecheckShape>("POST", `${env(id)}/recheck`, body),
    shownRecheck: (id: string) => get<RecheckShape>(`${env(id)}/recheck`),
    beginReplay: (id: string, body: ReplayWish) => json<ReplayShape>("POST", `${env(id)}/replay`, body),
    goOnReplay: (id: string, body: { readonly continue: string; readonly fill: Fill }) =>
      json<ReplayShape>("POST", `${env(id)}/replay`, body),
    shownReplay: (id: string) => get<ReplayShape>(`${env(id)}/replay`),
    runs: (id: string) => get<RunsShape>(`${env(id)}/runs`),
    comparedRuns: (id: string, query: Query) => get<RunsComparedShape>(`${env(id)}/runs/compare${search(query)}`),
    bypass: (query: Query) => get<BypassShape>(`/bypass${search(query)}`),
    setBypass: (body: { on: boolean; service?: string | undefined; force?: boolean; because?: string | undefined }) =>
      json<BypassShape>("PUT", "/bypass", body),
    audit: (id: string, query: Query) => get<AuditShape>(`${env(id)}/audit${search(query)}`),
  };
};

const search = (query: Query): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return given.length === 0
    ? ""
    : `?${new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]))}`;
};

const noAnswer = (base: string, cause: unknown): ShadowgraphError => {
  const isLate = (cause as { name?: unknown } | undefined)?.name === "TimeoutError";
  const message = isLate
    ? `the Shadowgraph API at ${base} did not answer within ${TIMEOUT_MS / 1_000} s`
    : `no Shadowgraph API answers at ${base}; start one with \`npx shadowgraph up …\` or set SHADOWGRAPH_API`;
  return new ShadowgraphError("unavailable", message, { cause });
};

const noApi = (base: string, { status }: Response): ShadowgraphError =>
  new ShadowgraphError(
    "unavailable",
    `what answers at ${base} is no Shadowgraph API (status ${status}); name one with --api or SHADOWGRAPH_API`,
  );

const refusalOf = async (response: Response, base: string): Promise<ShadowgraphError> => {
  const problem = (await response.json().catch(() => ({}))) as {
    code?: string;
    detail?: string;
    faults?: readonly FieldFault[];
  };
  if (problem.code === undefined || !Object.hasOwn(ERROR_CODES, problem.code)) return noApi(base, response);
  return new ShadowgraphError(problem.code as ErrorCode, problem.detail ?? "", { faults: problem.faults ?? [] });
};
