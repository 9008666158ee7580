import type { ComponentType } from "preact";

export interface PageProps {
  /** Of the path: `id` is an environment's id or name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

export interface Page {
  /** Steps of the address behind the #; those with a colon are parameters. A page below `env/:id` stands in the frame of the environment. */
  readonly path: string;
  /** Its name in the tabs of an overlay. */
  readonly tab?: string;
  readonly title: (params: PageProps["params"]) => string;
  readonly View: ComponentType<PageProps>;
}
