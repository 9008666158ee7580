import { once } from "node:events";
import { createServer } from "node:net";
import { ShadowgraphError } from "../core/errors.ts";

/** @throws ShadowgraphError "conflict" when something listens there already; port 0 is always free */
export const checkPort = async (port: number, flag: string): Promise<void> => {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    throw portFault(cause, port, flag);
  } finally {
    server.close();
  }
};

/** Names the port and the flag that chooses another. */
export const portFault = (cause: unknown, port: number, flag: string): ShadowgraphError => {
  const code = codeOf(cause);
  if (code === "EADDRINUSE")
    return new ShadowgraphError("conflict", `port ${port} is in use: choose another with ${flag}`, { cause });
  if (code === "EACCES")
    return new ShadowgraphError(
      "not-allowed",
      `port ${port} may not be opened by this user: choose another with ${flag}`,
      { cause },
    );
  return new ShadowgraphError("unavailable", `port ${port} cannot be opened: ${cause}`, { cause });
};

/** The code of a system error, such as EADDRINUSE. */
export const codeOf = (fault: unknown): unknown =>
  typeof fault === "object" && fault !== null && "code" in fault ? fault.code : undefined;
