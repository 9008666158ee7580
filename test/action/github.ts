import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Comment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string; readonly type: string } | null;
}

export interface GitHub {
  readonly url: string;
  readonly comments: Comment[];
  /** Method and path of each request, in order. */
  readonly asked: string[];
  /** Status of every write from now on; undefined where writes are permitted. */
  refusal: number | undefined;
  close(): void;
}

/** As much of GitHub's API as comments need, on loopback. */
export const startGitHub = async (): Promise<GitHub> => {
  const server = createServer(async (request, response) => {
    const { method = "", url = "" } = request;
    const { pathname, searchParams } = new URL(url, "http://github");
    gitHub.asked.push(`${method} ${pathname}`);
    const sent = await text(request);
    const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
    if (request.headers.authorization !== "Bearer the-token") return answer(401, { message: "Bad credentials" });
    if (pathname === "/user") return answer(403, { message: "Resource not accessible by integration" });
    if (method !== "GET" && gitHub.refusal !== undefined)
      return answer(gitHub.refusal, { message: "Resource not accessible by integration\n::error::not obeyed" });
    if (method === "GET") {
      const [size, page] = [Number(searchParams.get("per_page")), Number(searchParams.get("page"))];
      return answer(200, gitHub.comments.slice((page - 1) * size, page * size));
    }
    const { body } = JSON.parse(sent) as { body: string };
    if (body.length > 65_536) return answer(422, { message: "body is too long (maximum is 65536 characters)" });
    if (method === "POST") {
      const id = gitHub.comments.length + 1;
      gitHub.comments.push({ id, body, user: { login: "github-actions[bot]", type: "Bot" } });
      return answer(201, { id });
    }
    const known = gitHub.comments.find(({ id }) => pathname.endsWith(`/comments/${id}`));
    if (known === undefined) return answer(404, {});
    known.body = body;
    answer(200, { id: known.id });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const gitHub: GitHub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    comments: [],
    asked: [],
    refusal: undefined,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return gitHub;
};
