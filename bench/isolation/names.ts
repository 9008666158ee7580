import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const SILENT_SERVER = "127.0.0.99";

/** How to start a program for which every name hangs that is not in /etc/hosts. */
export interface HangingNames {
  readonly execPath: string;
  readonly execArgv: readonly string[];
  close(): void;
}

/** A name server that never answers, and a mount namespace in which it is the only one. @throws where that needs rights one has not */
export const hangNames = async (folder: string): Promise<HangingNames> => {
  const server = createSocket("udp4");
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.bind(53, SILENT_SERVER, resolve);
  });
  const file = join(folder, "resolv.conf");
  writeFileSync(file, `nameserver ${SILENT_SERVER}\n`);
  const script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"';
  return {
    execPath: "unshare",
    execArgv: ["--mount", "sh", "-c", script, file, process.execPath],
    close: () => server.close(),
  };
};
