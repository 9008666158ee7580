declare module "dynalite" {
  import type { Server } from "node:http";

  /** `path`: the folder of the LevelDB store; in memory where left out. */
  export default function dynalite(options: { readonly path?: string; readonly createTableMs?: number }): Server;
}
