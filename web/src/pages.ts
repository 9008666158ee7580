import type { Page } from "./page.ts";
import { AuditPage } from "./pages/audit.tsx";
import { EnvironmentPage } from "./pages/environment.tsx";
import { EnvironmentsPage } from "./pages/environments.tsx";
import { FindingPage } from "./pages/finding.tsx";
import { FindingsPage } from "./pages/findings.tsx";
import { GlossaryPage } from "./pages/glossary.tsx";
import { LatencyPage } from "./pages/latency.tsx";
import { RecheckPage } from "./pages/recheck.tsx";
import { RulesPage } from "./pages/rules.tsx";
import { RunsPage } from "./pages/runs.tsx";

/** Every page there is. Tabs stand in this order. */
export const PAGES: readonly Page[] = [
  { path: "", title: () => "Environments", View: EnvironmentsPage },
  { path: "words", title: () => "Words", View: GlossaryPage },
  { path: "env/:id", tab: "Overview", title: ({ id }) => id ?? "", View: EnvironmentPage },
  { path: "env/:id/findings", tab: "Findings", title: ({ id }) => `Findings of ${id}`, View: FindingsPage },
  { path: "env/:id/findings/:finding", title: ({ finding }) => `Finding ${finding}`, View: FindingPage },
  { path: "env/:id/latency", tab: "Latency", title: ({ id }) => `Latency of ${id}`, View: LatencyPage },
  { path: "env/:id/recheck", tab: "Recheck", title: ({ id }) => `Recheck of ${id}`, View: RecheckPage },
  { path: "env/:id/rules", tab: "Rules", title: ({ id }) => `Rules of ${id}`, View: RulesPage },
  { path: "env/:id/runs", tab: "Runs", title: ({ id }) => `Runs of ${id}`, View: RunsPage },
  { path: "env/:id/audit", tab: "Audit", title: ({ id }) => `Audit of ${id}`, View: AuditPage },
];
