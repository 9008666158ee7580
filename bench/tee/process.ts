import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** Linux counts CPU time in ticks of 10 ms (USER_HZ, fixed at 100 for user space). */
const TICKS_PER_SECOND = 100;

/** Fields of /proc/<pid>/stat after the command, which may itself hold spaces: from field 3 on. */
const statOf = (pid: number): readonly string[] => {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
};

/** A process and its living children, theirs too. */
const treeOf = (pid: number): readonly number[] => {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((other) => {
      try {
        return Number(statOf(other)[1]) === pid;
      } catch {
        return false; // ended meanwhile
      }
    });
  return [pid, ...children.flatMap(treeOf)];
};

const sumOver = (pid: number, read: (one: number) => number): number =>
  treeOf(pid).reduce((sum, one) => sum + read(one), 0);

/** CPU seconds so far of a process, all its threads, and its living children. */
export const cpuSecondsOf = (pid: number): number =>
  sumOver(pid, (one) => {
    const stat = statOf(one);
    return (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND;
  });

/** Resident memory of a process and its living children; pages that they share count in each. */
export const rssBytesOf = (pid: number): number =>
  sumOver(pid, (one) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${one}/status`, "utf8"))?.[1]) * 1_024);

const started = new Set<ChildProcess>();

export const keep = (child: ChildProcess): ChildProcess => {
  started.add(child);
  child.once("exit", () => started.delete(child));
  return child;
};

export const stopAll = async (): Promise<void> => {
  await Promise.all([...started].map(stop));
};

export const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await once(child, "exit");
  clearTimeout(timer);
};

/** Starts one of the bench's own programs and waits for its first message. */
export const start = async <T>(file: string, ...args: string[]): Promise<{ child: ChildProcess; hello: T }> => {
  const child = keep(
    fork(fileURLToPath(new URL(file, import.meta.url)), args, { stdio: ["ignore", "inherit", "inherit", "ipc"] }),
  );
  return { child, hello: await nextMessage<T>(child) };
};

export const ask = <T>(child: ChildProcess, message: object): Promise<T> => {
  const answer = nextMessage<T>(child);
  child.send(message);
  return answer;
};

/** @throws when the process ends first */
const nextMessage = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`${child.spawnargs[1]} ended with exit code ${code}`));
    child.once("exit", ended);
    child.once("message", (message) => {
      child.off("exit", ended);
      resolve(message as T);
    });
  });

export const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

/** Resolves once something listens on the port. @throws when nothing does within 15 s, or the process ended before */
export const listening = async (port: number, child: ChildProcess, name: string): Promise<void> => {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended with exit code ${child.exitCode} before it listened`);
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" });
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${name} does not listen on port ${port} after 15 s`);
};
