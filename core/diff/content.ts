import type { Budget } from "./budget.ts";
import type { Markup } from "./markup.ts";

/** What a body was read as. `text` and `binary` are what is left where no other format fits; `undecodable` was said to be text. */
export type Format =
  | "JSON"
  | "JSON lines"
  | "event stream"
  | "form"
  | "multipart"
  | "HTML"
  | "XML"
  | "text"
  | "binary"
  | "undecodable";

/** Values as JSON has them, with what plain ones would lose. */
export interface Data {
  readonly kind: "data";
  readonly format: "JSON" | "JSON lines" | "event stream" | "form" | "multipart";
  readonly value: unknown;
  /** Of a stream of which only the first items could be read: why. */
  readonly unreadRest?: string;
  /** Of a form: names of its fields in the order of their first appearance, which `value` does not keep. */
  readonly names?: readonly string[];
}

/** A body as it is compared. `unread`: it could not be read whole, for the reason given. */
export type Content =
  | { readonly kind: "empty" }
  | Data
  | { readonly kind: "markup"; readonly format: "HTML" | "XML"; readonly root: Markup }
  | { readonly kind: "text"; readonly format: "text"; readonly text: string }
  | { readonly kind: "binary"; readonly format: "binary" | "undecodable" }
  | { readonly kind: "unread"; readonly because: string };

export interface Source {
  readonly text: string;
  /** "" where it is not known. */
  readonly contentType: string;
  /** Only the beginning was stored. */
  readonly isCut: boolean;
}

/** undefined: the text is not of that format. */
export type Reader = (source: Source, budget: Budget) => Content | undefined;
