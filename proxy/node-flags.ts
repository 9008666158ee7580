/**
 * With what Node should run a tee; it cannot be set once Node runs. Young objects of a request are dead when it ends: 2 MB a space hold
 * hundreds of requests, where V8's 16 MB grow the process and cost more to sweep. The few that were promoted are looked for once the heap
 * has grown by half, not when it is four times as large. Ten minutes at full speed: docs/performance.md.
 */
export const NODE_FLAGS: readonly string[] = ["--max-semi-space-size=2", "--heap-growing-percent=50"];

/**
 * And with what environment: one arena of malloc for all threads. Buffers are made in one thread and freed in another; with an arena for each
 * thread glibc keeps what was freed, some 60 MB over ten minutes at full speed.
 */
export const MALLOC_ENV: Readonly<Record<string, string>> = { MALLOC_ARENA_MAX: "1" };
