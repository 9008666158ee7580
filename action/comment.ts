import { readFileSync } from "node:fs";
import * as z from "zod";

const TIMEOUT_MS = 20_000;
const PAGE = 100;
/** A pull request with more comments gets a new one. */
const MAX_PAGES = 10;

const User = z.object({ login: z.string(), type: z.string() });
const Comments = z.array(z.object({ id: z.int(), body: z.string().nullish(), user: User.nullable() }));
const Event = z.object({ pull_request: z.object({ number: z.int() }).optional() });

interface Job {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly token: string;
}

/** The pull request that the workflow runs for. */
export const pullRequestOf = ({ GITHUB_EVENT_PATH }: Job["env"]): number | undefined => {
  if (!GITHUB_EVENT_PATH) return undefined;
  const event = Event.safeParse(JSON.parse(readFileSync(GITHUB_EVENT_PATH, "utf8")));
  return event.data?.pull_request?.number;
};

/** Puts the report into the pull request, in place of an earlier one with the same first line. @throws Error that says what GitHub said */
export const putComment = async (job: Job, pullRequest: number, report: string): Promise<void> => {
  const issues = `/repos/${job.env.GITHUB_REPOSITORY}/issues`;
  const [marker = ""] = report.split("\n", 1);
  const earlier = await findComment(job, `${issues}/${pullRequest}/comments`, marker);
  if (earlier === undefined) await ask(job, "POST", `${issues}/${pullRequest}/comments`, { body: report });
  else await ask(job, "PATCH", `${issues}/comments/${earlier}`, { body: report });
};

/** Of a bot, or of whom the token belongs to: what somebody else began with the marker stays theirs, to edit it as well. */
const findComment = async (job: Job, path: string, marker: string): Promise<number | undefined> => {
  const me = await ask(job, "GET", "/user").then(
    (user) => User.parse(user).login,
    () => undefined,
  );
  for (let page = 1; page <= MAX_PAGES; page++) {
    const comments = Comments.parse(await ask(job, "GET", `${path}?per_page=${PAGE}&page=${page}`));
    const ours = comments.find(
      ({ body, user }) => user !== null && (user.type === "Bot" || user.login === me) && body?.startsWith(marker),
    );
    if (ours !== undefined) return ours.id;
    if (comments.length < PAGE) return undefined;
  }
  return undefined;
};

const ask = async ({ env, token }: Job, method: string, path: string, body?: unknown): Promise<unknown> => {
  const response = await fetch(`${env.GITHUB_API_URL ?? "https://api.github.com"}${path}`, {
    method,
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      "user-agent": "shadowgraph",
      "x-github-api-version": "2022-11-28",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Error(`GitHub does not answer to ${method} ${path}`, { cause });
  });
  if (response.ok) return response.json();
  throw new Error(`GitHub answered ${response.status} to ${method} ${path}: ${(await response.text()).slice(0, 300)}`);
};
