/**
 * What the dashboard is served with, whoever serves it. No script or style but its own files, nothing from others, and no markup made of text:
 * what services answered can only ever be text on the page.
 * @param connectTo origins that it may call beside its own: the API, and whoever signs people in
 */
export const securityHeaders = (connectTo: readonly string[] = []): Readonly<Record<string, string>> => ({
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...connectTo].join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
});

/** Files whose name holds a hash of what is in them never change. */
export const cacheControlOf = (path: string): string =>
  path.startsWith("assets/") ? "public, max-age=31536000, immutable" : "no-cache";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};

/** Undefined for what is not served. */
export const mediaTypeOf = (path: string): string | undefined => MEDIA_TYPES[/\.\w+$/.exec(path)?.[0] ?? ""];
