import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ask, freePort, keep, listening, start, stop } from "./process.ts";

/** Where a subject finds its targets, and a folder of its own. */
export interface Setting {
  readonly primaryPort: number;
  readonly candidatePort: number;
  readonly folder: string;
}

export interface Running {
  readonly port: number;
  /** Whose CPU time counts. */
  readonly child: ChildProcess;
  /** Ends it and gives what it counted itself. */
  readonly finish?: () => Promise<string>;
}

/** What is measured. `start` gives undefined, and says why, where it cannot be. */
export interface Subject {
  readonly name: string;
  readonly mirrors: boolean;
  readonly start: (setting: Setting) => Promise<Running | { readonly skipped: string }>;
}

const floor: Subject = {
  name: "node:http server, no proxy",
  mirrors: false,
  async start() {
    const { child, hello } = await start<{ port: number }>("floor.ts");
    return { port: hello.port, child };
  },
};

const nginxVersion = (): string | undefined => {
  const { error, stderr } = spawnSync("nginx", ["-v"], { encoding: "utf8" });
  return error === undefined ? (/nginx\/(\S+)/.exec(stderr)?.[1] ?? "of unknown version") : undefined;
};

/** One worker, upstream connections kept alive on both sides, nothing logged: nginx at its best. */
const nginxConfig = ({ primaryPort, candidatePort }: Setting, port: number, mirrors: boolean): string => `
worker_processes 1;
daemon off;
pid nginx.pid;
error_log error.log error;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  upstream primary { server 127.0.0.1:${primaryPort}; keepalive 64; keepalive_requests 1000000000; }
  upstream candidate { server 127.0.0.1:${candidatePort}; keepalive 64; keepalive_requests 1000000000; }
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  server {
    listen 127.0.0.1:${port};
    location / {
      ${mirrors ? "mirror /mirror;" : ""}
      proxy_pass http://primary;
    }
    location = /mirror {
      internal;
      proxy_pass http://candidate$request_uri;
    }
  }
}
`;

const nginx = (name: string, mirrors: boolean): Subject => ({
  name,
  mirrors,
  async start(setting) {
    const version = nginxVersion();
    if (version === undefined) return { skipped: "nginx is not installed" };
    const folder = join(setting.folder, mirrors ? "nginx-mirror" : "nginx-plain");
    mkdirSync(folder);
    const port = await freePort();
    writeFileSync(join(folder, "nginx.conf"), nginxConfig(setting, port, mirrors));
    const args = ["-p", folder, "-c", join(folder, "nginx.conf"), "-e", join(folder, "error.log")];
    const child = keep(spawn("nginx", args, { stdio: ["ignore", "inherit", "inherit"] }));
    await listening(port, child, name);
    return { port, child };
  },
});

export const NGINX_MIRROR = "nginx, mirror module";

const tee: Subject = {
  name: "shadowgraph tee",
  mirrors: true,
  async start({ primaryPort, candidatePort, folder }) {
    const urls = [primaryPort, candidatePort].map((port) => `http://127.0.0.1:${port}`);
    const aws = await start<{ env: Record<string, string> }>("aws.ts", ...urls, join(folder, "aws"));
    const port = await freePort();
    const env = { ...process.env, ...aws.hello.env, PORT: String(port), HOST: "127.0.0.1" };
    const program = fileURLToPath(new URL("../../proxy/main.ts", import.meta.url));
    const child = keep(fork(program, { env, stdio: ["ignore", "inherit", "inherit", "ipc"] }));
    await listening(port, child, "the tee");
    const finish = async (): Promise<string> => {
      await stop(child);
      const { outcomes } = await ask<{ outcomes: Readonly<Record<string, number>> }>(aws.child, {});
      const counted = Object.entries(outcomes).filter(([, count]) => count > 0);
      return `shadowgraph tee, its own accounting: ${counted.map(([name, count]) => `${name} ${count}`).join(", ")}`;
    };
    return { port, child, finish };
  },
};

export const SUBJECTS: readonly Subject[] = [floor, nginx("nginx, plain proxy", false), nginx(NGINX_MIRROR, true), tee];
