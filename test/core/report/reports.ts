import { noOutcomes } from "../../../core/pair/outcome.ts";
import type { Report } from "../../../core/report/report.ts";
import type { Verdict } from "../../../core/verdict/verdict.ts";
import { endpointVerdict, finding } from "../../lambdas/api/judgements.ts";

export const LANES: Report["lanes"] = [
  {
    service: "web",
    primary: { url: "http://localhost:3000" },
    candidate: { url: "http://localhost:3001" },
    secondary: { control: "baseline", url: "http://localhost:3000" },
  },
];

/** A report of two confirmed findings, with what the test says instead. */
export const reportWith = ({
  verdict,
  ...over
}: Partial<Omit<Report, "verdict">> & { readonly verdict?: Partial<Verdict> } = {}): Report => {
  const findings = over.findings ?? [finding("status", { kind: "status", breaking: true }), finding("body/price")];
  const confirmed = findings.filter((one) => one.confirmed).length;
  return {
    env: "ov-000001",
    name: "checkout",
    at: 1_700_000_600_000,
    baseline: { id: "bl-000001", name: "shop", version: "1.0.0" },
    run: {
      id: "run-000001",
      attempt: 1,
      startedAt: 1_700_000_000_000,
      baselineVersion: "1.0.0",
      candidateVersion: "2.0.0",
    },
    lanes: LANES,
    noisy: 3,
    outcomes: { ...noOutcomes(), sampled: 410, compared: 400, tooLarge: 10, inFlight: 0, gap: 0 },
    total: findings.length,
    rules: [],
    ...over,
    findings,
    verdict: {
      verdict: confirmed > 0 ? "REGRESSION" : "SAFE",
      reason: "for a reason",
      reasons: ["for a reason", "and a remark"],
      pairs: 400,
      needed: null,
      forecastSeconds: null,
      attempts: 1,
      tolerance: 0.001,
      diverging: 40,
      divergingBound: 0.129,
      maskedShare: 0.002,
      dropShare: 0.024,
      control: "control",
      findings: { confirmed, total: findings.length, groups: findings.length },
      endpoints: [endpointVerdict({ verdict: confirmed > 0 ? "REGRESSION" : "SAFE" })],
      ...verdict,
    },
  };
};

/** Characters that drive a terminal, turn the direction of text, or are none. */
export const UNSEEN = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}]/u;

/** What tries to be markup, a mention, a command of the terminal, or the end of the text that holds it. */
export const HOSTILE = [
  "</details></style></script><script>alert(1)</script><img src=x onerror=alert(1)>",
  "| `a` ``b`` ```\n~~~\n@team #1 [x](http://evil) www.evil.example <!-- --> --> ]]> &amp; \"'",
  "\u001b[31m\u009b2J\u0000\u0007\u202e\u2066\ufffe\ud800 \r\n# title\n::set-output name=x::y",
].join(" ");

export const hostileReport = (): Report =>
  reportWith({
    baseline: { id: "bl-1", name: "shop", version: HOSTILE },
    findings: [
      finding("body/x", {
        endpoint: `GET /${HOSTILE}`,
        place: HOSTILE,
        examples: [
          {
            pair: HOSTILE,
            at: 1,
            request: `GET /${HOSTILE}`,
            primary: HOSTILE,
            candidate: `${HOSTILE}2`,
            secondary: "",
          },
        ],
      }),
    ],
    verdict: {
      reason: HOSTILE,
      reasons: [HOSTILE, `${HOSTILE}1`],
      endpoints: [endpointVerdict({ endpoint: HOSTILE, reason: HOSTILE })],
    },
    rules: [{ ignore: HOSTILE, endpoint: HOSTILE, because: HOSTILE, hits: 0, note: HOSTILE }],
  });
