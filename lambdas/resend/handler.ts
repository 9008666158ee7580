import { ResendTask, type Resent } from "../../adapters/resender.ts";
import { resend } from "./resend.ts";

export const handler = (event: unknown): Promise<Resent> => resend(ResendTask.parse(event));
