import type { Io } from "../../cli/io.ts";
import { run } from "../../cli/main.ts";
import type { Programs } from "../../cli/programs.ts";
import { type ApiUnderTest, apiUnderTest } from "../lambdas/api/api-under-test.ts";

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

/** What a command touches, over what the test gives, and what it said. No terminal, no colours, no interruption. */
export const ioUnderTest = (over: Partial<Io> & Pick<Io, "readFile" | "fetch" | "now" | "sleep">) => {
  const said = { out: "", err: "" };
  const io: Io = {
    out: (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    isTerminal: false,
    isErrTerminal: false,
    columns: 120,
    env: {},
    writeFile: () => {},
    onInterrupt: () => () => {},
    exit: () => {},
    ...over,
  };
  return { io, said };
};

/** On a terminal, where Ctrl-C is pressed with the first answer of the API for which `isTime`. */
export const interruptedOnce = (isTime: () => boolean, { app }: ApiUnderTest): Partial<Io> => {
  let interrupt = (): void => {};
  return {
    isErrTerminal: true,
    onInterrupt: (handler) => {
      interrupt = handler;
      return () => {};
    },
    fetch: async (url, init) => {
      const answer = await app.fetch(new Request(url as string, init));
      if (isTime()) interrupt();
      return answer;
    },
  };
};

export interface CliUnderTest {
  readonly api: ApiUnderTest;
  /** By path; commands read and write here. */
  readonly files: Record<string, string>;
  /** Runs one command line, split at spaces. */
  run(line: string | readonly string[], over?: Partial<Io>, programs?: Programs): Promise<Ran>;
}

/** The command line before the API over memory, with files, clock and terminal that a test knows. */
export const cliUnderTest = (api = apiUnderTest()): CliUnderTest => {
  const files: Record<string, string> = {};
  return {
    api,
    files,
    run: async (line, over = {}, programs) => {
      const { io, said } = ioUnderTest({
        readFile: (path) => {
          const text = files[path];
          if (text !== undefined) return text;
          throw Object.assign(new Error(`ENOENT: no such file, open '${path}'`), { code: "ENOENT" });
        },
        writeFile: (path, text) => {
          files[path] = text;
        },
        fetch: async (url, init) => api.app.fetch(new Request(url as string, init)),
        now: () => api.now,
        sleep: async (ms) => {
          api.now += ms;
        },
        ...over,
      });
      const exit = await run(typeof line === "string" ? line.split(" ") : line, io, programs);
      return { exit, ...said };
    },
  };
};

export const BASELINE_YAML = `name: shop
version: 1.0.0
services:
  web:
    url: http://localhost:3000
`;

export const OVERLAY_YAML = `name: checkout
version: 2.0.0
services:
  web:
    url: http://localhost:3001
`;

/** With a baseline `shop` and an overlay `checkout`, made by the commands themselves. */
export const cliWithOverlay = async (): Promise<CliUnderTest> => {
  const cli = cliUnderTest();
  cli.files["baseline.yaml"] = BASELINE_YAML;
  cli.files["overlay.yaml"] = OVERLAY_YAML;
  await cli.run("baseline create --file baseline.yaml");
  await cli.run("overlay create --baseline shop --file overlay.yaml");
  return cli;
};
