import { reportHtml } from "./html.ts";
import { reportJunit } from "./junit.ts";
import { reportMarkdown } from "./markdown.ts";
import type { Report } from "./report.ts";

/** The ways of telling a report as text; the report itself is the JSON. */
export const TEXT_FORMATS = {
  markdown: { mediaType: "text/markdown", render: reportMarkdown },
  junit: { mediaType: "application/xml", render: reportJunit },
  html: { mediaType: "text/html", render: reportHtml },
} as const satisfies Record<string, { readonly mediaType: string; readonly render: (report: Report) => string }>;
export type TextFormat = keyof typeof TEXT_FORMATS;

export const REPORT_FORMATS = ["markdown", "junit", "html", "json"] as const;
