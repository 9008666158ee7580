import { connect } from "node:net";

const WITHIN_MS = 1_000;

const accepts = (address: string): Promise<boolean> => {
  const { hostname, port, protocol } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "");
  const socket = connect({ host, port: Number(port) || (protocol === "https:" ? 443 : 80), timeout: WITHIN_MS });
  return new Promise((resolve) => {
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
};

/** What follows from a lane that takes no connection now: a sentence for each such lane. Nothing is sent to any. */
export const unreachable = async (lanes: {
  readonly primary: string;
  readonly candidate: string;
  readonly secondary: string;
}): Promise<readonly string[]> => {
  const consequences = [
    ["primary", "callers get 502 until it is there"],
    ["candidate", "each mirror of a request counts as a failure of it until it is there"],
    ["secondary", "noise is not told apart until it is there"],
  ] as const;
  const lines = consequences.map(async ([lane, consequence]) => {
    const url = lanes[lane];
    if (!URL.canParse(url) || (await accepts(url))) return [];
    return [`the ${lane} at ${url} does not answer: ${consequence}`];
  });
  return (await Promise.all(lines)).flat();
};
