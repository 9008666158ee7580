import type { ComponentChildren } from "preact";
import type { ApiFault } from "../api.ts";
import type { Live } from "../live.ts";

interface LoadingProps {
  readonly lines?: number | undefined;
  /** Named for those who hear it. */
  readonly what: string;
  /** A height of the style sheet: `room-…`. */
  readonly room?: "verdict" | undefined;
}

/** Takes the room that the content will take, so that nothing jumps. */
export const Loading = ({ lines = 3, what, room }: LoadingProps) => (
  <div class={`loading${room === undefined ? "" : ` room-${room}`}`} role="status">
    <span class="hidden">{what} is loading</span>
    {Array.from({ length: lines }, (_, i) => (
      <span key={i} class="skeleton" aria-hidden="true" />
    ))}
  </div>
);

export const FaultNote = ({ fault }: { readonly fault: ApiFault }) => (
  <div class="note bad" role="alert">
    <strong>{fault.status === 404 ? "Not found" : "This could not be read"}</strong>
    <p>{fault.message}</p>
  </div>
);

export const Empty = ({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) => (
  <div class="note empty">
    <strong>{title}</strong>
    {children}
  </div>
);

/** What is live is shown as it last was, even while it cannot be asked for; a fault is shown where there is nothing else. */
export const Shown = <T,>({
  live,
  what,
  lines,
  room,
  children,
}: {
  readonly live: Live<T>;
  /** Named while it is loading. */
  readonly what: string;
  readonly lines?: number;
  readonly room?: LoadingProps["room"];
  readonly children: (data: T) => ComponentChildren;
}) => {
  if (live.data !== undefined && live.fault?.status !== 404) return <>{children(live.data)}</>;
  if (live.fault !== undefined) return <FaultNote fault={live.fault} />;
  return <Loading what={what} lines={lines} room={room} />;
};
