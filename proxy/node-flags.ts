/**
 * With what Node should run a tee. Young objects of a request are dead when it ends: 4 MB a space hold thousands of requests, where V8's
 * 16 MB grow the process by a third and cost more to sweep (docs/performance.md). It cannot be set once Node runs.
 */
export const NODE_FLAGS: readonly string[] = ["--max-semi-space-size=4"];
