import { ShadowgraphError } from "../core/errors.ts";
import { visible } from "./render/text.ts";
import { FileError } from "./yaml-file.ts";

/** A refusal whose exit code says more than its error code does. */
export class Refusal extends ShadowgraphError {
  readonly exit: number;
  constructor(cause: ShadowgraphError, exit: number) {
    super(cause.code, cause.message, { cause, faults: cause.faults });
    this.exit = exit;
  }
}

/** An error as the user sees it on stderr: all faults together, each with its line where it came from a file. */
export const failureText = (error: unknown, isJson: boolean): string => {
  const known = error instanceof ShadowgraphError;
  const { message } = error instanceof Error ? error : { message: String(error) };
  const faults = known ? error.faults : [];
  if (isJson) {
    const code = known ? error.code : "internal";
    return `${JSON.stringify({ error: { code, detail: message, faults } }, null, 2)}\n`;
  }
  const lines = faults.map(({ field, message, line }) => {
    const where = error instanceof FileError && line !== undefined ? `${error.file}:${line}: ` : "";
    return `  ${visible(`${where}${field}: ${message}`)}\n`;
  });
  const trace = known || !(error instanceof Error) ? "" : `${error.stack?.split("\n").slice(1).join("\n") ?? ""}\n`;
  return `error: ${visible(message)}\n${lines.join("")}${trace}`;
};
