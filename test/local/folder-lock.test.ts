import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockFolder } from "../../local/folder-lock.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "shadowgraph-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder is made where there is none, and taken by one alone until it is released", () => {
  const deep = join(folder, "a", "b");
  const lock = lockFolder(deep);
  expect(() => lockFolder(deep)).toThrow(
    expect.objectContaining({ code: "conflict", message: expect.stringContaining(`in use by process ${process.pid}`) }),
  );
  lock.release();
  expect(existsSync(join(deep, "lock"))).toBe(false);
  lockFolder(deep).release();
});

test.each([
  ["a process that is dead", String(spawnSync(process.execPath, ["-e", ""]).pid)],
  ["nobody", ""],
  ["something that is no process id", "../x"],
])("the lock of %s is taken over", (_, content) => {
  writeFileSync(join(folder, "lock"), content);
  lockFolder(folder).release();
});

test("the lock of a living process is kept, also of another user's", () => {
  writeFileSync(join(folder, "lock"), "1");
  expect(() => lockFolder(folder)).toThrow(/in use by process 1\b.*--data/);
});

test("a folder that cannot be written names itself and the option", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(() => lockFolder(join(file, "data"))).toThrow(
    expect.objectContaining({
      code: "not-allowed",
      message: expect.stringMatching(/file\/data cannot be written: .*--data/),
    }),
  );
});

// Below /proc nothing can be made, and a recursive mkdir there never returns.
(existsSync("/proc/self") ? test : test.skip)("a folder that can never be made is told at once", () => {
  expect(() => lockFolder("/proc/nope/deep")).toThrow(/\/proc\/nope\/deep cannot be written: .*--data/);
});
