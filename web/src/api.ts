import type { Problem, Routes } from "../api-shapes.js";

export type RouteName = keyof Routes;
/** What can be asked again and again. */
export type ReadName = Extract<RouteName, `GET ${string}`>;
export type Answer<R extends RouteName> = Routes[R]["answer"];

type Part<R extends RouteName, Name extends "params" | "query"> = [keyof Routes[R][Name]] extends [never]
  ? { readonly [N in Name]?: never }
  : { readonly [N in Name]?: Routes[R][Name] };
export type Input<R extends RouteName> = Part<R, "params"> & Part<R, "query"> & { readonly body?: Routes[R]["body"] };

const TIMEOUT_MS = 30_000;

/** What went wrong with a call, in words for people. `status` is 0 where nothing answered. */
export class ApiFault extends Error {
  readonly status: number;
  readonly code: Problem["code"];
  readonly faults: Problem["faults"];
  constructor({ status, code, detail, faults }: Pick<Problem, "status" | "code" | "detail" | "faults">) {
    super(faults.length === 0 ? detail : faults.map(({ field, message }) => `${field}: ${message}`).join("; "));
    this.status = status;
    this.code = code;
    this.faults = faults;
  }
}

/** Says who asks: the value of an Authorization header, or nothing. @throws when nobody is signed in who must be */
export type Authorize = () => Promise<string | undefined>;

export type Api = ReturnType<typeof createApi>;

/** The HTTP API as docs/openapi.json describes it. Every method rejects with an ApiFault. */
export const createApi = (base: string, authorize: Authorize) => {
  const send = async (method: string, path: string, { etag, body }: { etag?: string | undefined; body?: unknown }) => {
    const authorization = await authorize();
    const headers = {
      ...(authorization === undefined ? {} : { authorization }),
      ...(etag === undefined ? {} : { "if-none-match": etag }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await fetch(`${base}${path}`, {
      method,
      headers,
      signal,
      cache: "no-store",
      credentials: "omit",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause) => {
      throw silent(cause);
    });
    if (answer.ok || answer.status === 304) return answer;
    throw await refusal(answer);
  };
  return {
    call: async <R extends RouteName>(route: R, input: Input<R> = {} as Input<R>): Promise<Answer<R>> => {
      const [method, path] = pathOf(route, input);
      const answer = await send(method, path, { body: input.body });
      return answer.json();
    },
    /** Nothing where it is as it was at the time of `etag`. */
    read: async <R extends ReadName>(
      route: R,
      input: Input<R>,
      etag: string | undefined,
    ): Promise<{ readonly data: Answer<R>; readonly etag: string | undefined } | undefined> => {
      const [method, path] = pathOf(route, input);
      const answer = await send(method, path, { etag });
      if (answer.status === 304) return undefined;
      return { data: await answer.json(), etag: answer.headers.get("etag") ?? undefined };
    },
    /** An answer that is a file. */
    file: async <R extends ReadName>(route: R, input: Input<R>): Promise<Blob> => {
      const [method, path] = pathOf(route, input);
      return (await send(method, path, {})).blob();
    },
  };
};

/** `GET /environments/{id}` with its parameters in place. */
export const pathOf = <R extends RouteName>(route: R, input: Input<R>): readonly [method: string, path: string] => {
  const [method = "", template = ""] = route.split(" ");
  const { params = {}, query = {} } = input as {
    params?: Readonly<Record<string, string>>;
    query?: Readonly<Record<string, string | number | boolean | undefined>>;
  };
  const path = template.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? ""));
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return [method, given.length === 0 ? path : `${path}?${search}`];
};

const silent = (cause: unknown): ApiFault => {
  const isLate = (cause as { name?: unknown } | undefined)?.name === "TimeoutError";
  const detail = isLate ? `The API did not answer within ${TIMEOUT_MS / 1_000} s.` : "The API does not answer.";
  return new ApiFault({ status: 0, code: "unavailable", detail, faults: [] });
};

const refusal = async (answer: Response): Promise<ApiFault> => {
  const problem: Partial<Problem> = await answer.json().catch(() => ({}));
  const detail = problem.detail ?? `The API answered with status ${answer.status}.`;
  return new ApiFault({
    status: answer.status,
    code: problem.code ?? "unavailable",
    detail,
    faults: problem.faults ?? [],
  });
};
