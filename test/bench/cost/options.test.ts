import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { readCostOptions, UsageError } from "../../../bench/cost/options.ts";

const faultOf = (...args: string[]): string => {
  try {
    readCostOptions(args);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error("no fault");
};

test("what is not given has its default", () => {
  expect(readCostOptions(["--rps", "1000"])).toEqual({
    kind: "cost",
    isJson: false,
    load: { rps: 1_000, divergence: 0.1, bodyBytes: 800, hasSecondary: false, teeMicros: undefined },
  });
});

test("all can be given", () => {
  const args = "--rps 2.5 --divergence 100 --body 16384 --secondary --tee-micros 40 --json".split(" ");
  expect(readCostOptions(args)).toEqual({
    kind: "cost",
    isJson: true,
    load: { rps: 2.5, divergence: 1, bodyBytes: 16_384, hasSecondary: true, teeMicros: 40 },
  });
});

test.each([
  ["none", [], "--rps: must be a number from 0.1 to 10000000; got nothing"],
  ["an empty one", ["--rps", ""], '--rps: must be a number from 0.1 to 10000000; got ""'],
  ["a word", ["--rps", "many"], '--rps: must be a number from 0.1 to 10000000; got "many"'],
  ["zero", ["--rps", "0"], '--rps: must be a number from 0.1 to 10000000; got "0"'],
  ["over 100 %", ["--rps", "1", "--divergence", "101"], '--divergence: must be a number from 0 to 100; got "101"'],
  ["too small a body", ["--rps", "1", "--body", "1"], '--body: must be a number from 64 to 1048576; got "1"'],
  ["no CPU", ["--rps", "1", "--tee-micros", "0"], '--tee-micros: must be a number from 1 to 1000000; got "0"'],
])("%s is a fault that names option, value and what is allowed", (_what, args, message) =>
  expect(faultOf(...args)).toBe(message),
);

test("all faults are told at once", () => {
  expect(faultOf("--rps", "x", "--body", "y").split("\n")).toHaveLength(2);
});

test("an option that there is not", () => expect(faultOf("--rate", "5")).toContain("--rate"));

describe("as a command", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(process.cwd(), "bench/cost/run.ts"), ...args], { encoding: "utf8" });

  test("a fault is told with the usage, exit status 2, nothing on stdout", () => {
    const { status, stdout, stderr } = run("--rps", "-1");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("usage: npm run cost");
  });

  test("--help", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("--divergence P");
  });
});
