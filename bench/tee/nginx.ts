import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CERTIFIED_NAME } from "./certificate.ts";
import { freePort, keep, listening } from "./process.ts";
import type { Setting, Started } from "./subjects.ts";
import type { Targets } from "./targets.ts";

/** How this nginx was built; undefined where there is none. */
const nginxBuild = (): string | undefined => {
  const { error, stderr } = spawnSync("nginx", ["-V"], { encoding: "utf8" });
  return error === undefined ? stderr : undefined;
};

const upstream = (name: string, origin: string): string =>
  `upstream ${name} { server ${new URL(origin).host}; keepalive 64; keepalive_requests 1000000000; }`;

const mirrorLocation = (lane: string, scheme: string): string => `
    location = /mirror-${lane} {
      internal;
      proxy_pass ${scheme}//${lane}$request_uri;
    }`;

/** One worker, upstream connections kept alive on both sides, certificates verified, nothing logged: nginx at its best. */
const nginxConfig = (
  { primary, candidate, secondary, certificate }: Targets,
  port: number,
  mirrors: boolean,
): string => {
  const { protocol } = new URL(primary);
  const lanes = { candidate, ...(secondary === undefined ? {} : { secondary }) };
  const mirrored = mirrors ? Object.keys(lanes) : [];
  return `
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
  ${Object.entries({ primary, ...lanes })
    .map(([name, origin]) => upstream(name, origin))
    .join("\n  ")}
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $host;
  ${certificate === undefined ? "" : `proxy_ssl_verify on; proxy_ssl_trusted_certificate ${certificate.file}; proxy_ssl_name ${CERTIFIED_NAME};`}
  server {
    listen 127.0.0.1:${port};
    location / {
      ${mirrored.map((lane) => `mirror /mirror-${lane};`).join(" ")}
      proxy_pass ${protocol}//primary;
    }${mirrored.map((lane) => mirrorLocation(lane, protocol)).join("")}
  }
}
`;
};

export const startNginx = async ({ targets, folder }: Setting, mirrors: boolean): Promise<Started> => {
  const build = nginxBuild();
  if (build === undefined) return { skipped: "nginx is not installed" };
  if (targets.certificate !== undefined && !build.includes("--with-http_ssl_module"))
    return { skipped: "this nginx is built without TLS" };
  const home = join(folder, mirrors ? "nginx-mirror" : "nginx-plain");
  mkdirSync(home);
  const port = await freePort();
  const config = join(home, "nginx.conf");
  writeFileSync(config, nginxConfig(targets, port, mirrors));
  const args = ["-p", home, "-c", config, "-e", join(home, "error.log")];
  const child = keep(spawn("nginx", args, { stdio: ["ignore", "inherit", "inherit"] }));
  await listening(port, child, "nginx");
  return { port, child };
};
