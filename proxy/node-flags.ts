/**
 * With what Node should run a tee. Young objects of a request are dead when it ends: 4 MB a space hold thousands of requests, where V8's
 * 16 MB grow the process by a third and cost more to sweep (docs/performance.md). It cannot be set once Node runs.
 */
export const NODE_FLAGS: readonly string[] = ["--max-semi-space-size=4"];

/**
 * And with what environment: one arena of malloc for all threads. Buffers are made in one thread and freed in another; with an arena for each
 * thread glibc keeps what was freed, some 60 MB over ten minutes at full speed.
 */
export const MALLOC_ENV: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: "1" };
