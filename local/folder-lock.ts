import { existsSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ShadowgraphError } from "../core/errors.ts";
import { codeOf } from "./port.ts";

export interface FolderLock {
  release(): void;
}

/**
 * Makes the data folder if need be and takes it for this process alone. A lock whose process is dead is taken over.
 * @throws ShadowgraphError "conflict" when another process has it, "not-allowed" when the folder cannot be written
 */
export const lockFolder = (folder: string): FolderLock => {
  const path = join(folder, "lock");
  try {
    makeFolder(folder);
    for (;;) {
      if (tryWrite(path)) return { release: () => unlinkSync(path) };
      const pid = ownerOf(path);
      if (pid !== undefined && isAlive(pid)) throw isInUse(folder, path, pid);
      unlinkIfThere(path);
    }
  } catch (cause) {
    if (cause instanceof ShadowgraphError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ShadowgraphError(
      "not-allowed",
      `the data folder ${folder} cannot be written: ${why}. Choose another with --data`,
      { cause },
    );
  }
};

/** Level by level: `recursive` never returns below folders that deny what they hold, such as those of /proc. */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
};

const isInUse = (folder: string, path: string, pid: number) =>
  new ShadowgraphError(
    "conflict",
    `the data folder ${folder} is in use by process ${pid}. End it, or choose another folder with --data (if process ${pid} is no Shadowgraph, delete ${path})`,
  );

const tryWrite = (path: string): boolean => {
  try {
    writeFileSync(path, `${process.pid}\n`, { flag: "wx" });
    return true;
  } catch (fault) {
    if (codeOf(fault) === "EEXIST") return false;
    throw fault;
  }
};

const ownerOf = (path: string): number | undefined => {
  try {
    const pid = Number(readFileSync(path, "utf8"));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (fault) {
    if (codeOf(fault) === "ENOENT") return undefined;
    throw fault;
  }
};

/** Signal 0 only asks. EPERM: there is one, of another user. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (fault) {
    return codeOf(fault) === "EPERM";
  }
};

const unlinkIfThere = (path: string): void => {
  try {
    unlinkSync(path);
  } catch (fault) {
    if (codeOf(fault) !== "ENOENT") throw fault;
  }
};
