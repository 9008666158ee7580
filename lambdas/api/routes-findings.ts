import * as z from "zod";
import { KINDS } from "../../core/diff/place.ts";
import { ShadowgraphError } from "../../core/errors.ts";
import { REPORT_FORMATS, TEXT_FORMATS } from "../../core/report/formats.ts";
import type { Call } from "./deps.ts";
import { findingPairs } from "./finding-pairs.ts";
import { latencyReport } from "./latency.ts";
import { read } from "./reading.ts";
import { reportOf } from "./report.ts";
import { ById, NOTHING, queryFlag, queryInt, queryShare, type Route, route, TextAnswer } from "./route.ts";
import { EnvVerdictShape, FindingsShape, OneFindingShape, ReportShape } from "./shapes.ts";
import { LatencyReportShape } from "./shapes-latency.ts";
import { FindingPairsShape } from "./shapes-pairs.ts";

export const findingRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: "/environments/{id}/diffs",
    summary: "List the findings, most telling first",
    params: ById,
    query: z.strictObject({
      limit: queryInt(1, 500, 50),
      offset: queryInt(0, 1_000_000, 0),
      endpoint: z.string().min(1).max(2_000).optional(),
      kind: z.enum(KINDS).optional(),
      confirmed: queryFlag.optional(),
    }),
    body: null,
    status: 200,
    answer: FindingsShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id }, query }, call) => {
      const { overlay, judgement } = await read(id, call);
      const found = judgement.findings
        .filter(({ endpoint }) => query.endpoint === undefined || endpoint === query.endpoint)
        .filter(({ kind }) => query.kind === undefined || kind === query.kind)
        .filter(({ confirmed }) => query.confirmed === undefined || confirmed === query.confirmed);
      const findings = found.slice(query.offset, query.offset + query.limit);
      return { env: overlay.id, run: overlay.run.id, findings, total: found.length };
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}/diffs/{findingId}",
    summary: "Show one finding with all its examples",
    params: z.strictObject({ ...ById.shape, findingId: z.string().min(1).max(200) }),
    query: NOTHING,
    body: null,
    status: 200,
    answer: OneFindingShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id, findingId } }, call) => {
      const { overlay, finding } = await readFinding(id, findingId, call);
      return { env: overlay.id, run: overlay.run.id, finding };
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}/diffs/{findingId}/pairs",
    summary: "List stored pairs that show a finding, whole as they are kept, the earliest first",
    params: z.strictObject({ ...ById.shape, findingId: z.string().min(1).max(200) }),
    query: z.strictObject({ limit: queryInt(1, 20, 5), cursor: z.string().min(1).max(2_000).optional() }),
    body: null,
    status: 200,
    answer: FindingPairsShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id, findingId }, query }, call) => {
      const { overlay, finding } = await readFinding(id, findingId, call);
      const asked = { limit: query.limit, cursor: query.cursor };
      return {
        env: overlay.id,
        run: overlay.run.id,
        finding: finding.id,
        ...(await findingPairs(overlay, finding, asked, call)),
      };
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}/verdict",
    summary: "Say whether the overlay is safe to release, at the tolerated share of diverging requests",
    params: ById,
    query: z.strictObject({ tolerance: queryShare.optional() }),
    body: null,
    status: 200,
    answer: EnvVerdictShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id }, query: { tolerance } }, call) => {
      const { overlay, judgement } = await read(id, call, tolerance);
      return { env: overlay.id, run: overlay.run.id, ...judgement.verdict };
    },
  }),
  route({
    method: "GET",
    path: "/environments/{id}/latency",
    summary:
      "Show how long each lane took: quantiles, their ratio with its interval, the distribution, the slowest pairs",
    params: ById,
    query: z.strictObject({
      endpoint: z.string().min(1).max(2_000).optional(),
      limit: queryInt(1, 200, 50),
      offset: queryInt(0, 1_000_000, 0),
    }),
    body: null,
    status: 200,
    answer: LatencyReportShape,
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id }, query }, call) => latencyReport(await read(id, call), query),
  }),
  route({
    method: "GET",
    path: "/environments/{id}/report",
    summary: "Report verdict and findings, for a pull request or a script",
    params: ById,
    query: z.strictObject({ format: z.enum(REPORT_FORMATS).default("json"), tolerance: queryShare.optional() }),
    body: null,
    status: 200,
    answer: ReportShape,
    textAnswers: Object.values(TEXT_FORMATS).map(({ mediaType }) => mediaType),
    errors: ["not-found", "not-allowed"],
    handle: async ({ params: { id }, query: { format, tolerance } }, call) => {
      const report = reportOf({ ...(await read(id, call, tolerance)), at: call.now() });
      if (format === "json") return report;
      const { mediaType, render } = TEXT_FORMATS[format];
      return new TextAnswer(`${mediaType}; charset=utf-8`, render(report));
    },
  }),
];

const readFinding = async (id: string, findingId: string, call: Call) => {
  const { overlay, judgement } = await read(id, call);
  const finding = judgement.findings.find((one) => one.id === findingId);
  if (finding !== undefined) return { overlay, finding };
  throw new ShadowgraphError("not-found", `there is no finding "${findingId}" in the present run of "${id}"`);
};
