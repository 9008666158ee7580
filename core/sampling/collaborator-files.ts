import type { OpenApiFile } from "../endpoints/openapi.ts";
import { answersIn } from "../endpoints/openapi-answers.ts";
import { Route } from "../endpoints/routes.ts";
import type { AnswersFile, CannedAnswer, Collaborator, CollaboratorSource, Collaborators } from "./collaborators.ts";

/** Reads what a collaborator names; paths as they are written. */
export interface AnswerFiles {
  openapi(path: string): OpenApiFile;
  answers(path: string): AnswersFile;
}

/**
 * The collaborators with the answers of their files in them: what is given stands before a file of answers, that before a document.
 * @throws what `files` throws
 */
export const withAnswers = (sources: Readonly<Record<string, CollaboratorSource>>, files: AnswerFiles): Collaborators =>
  Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, withItsAnswers(source, files)]));

const withItsAnswers = ({ openapi, file, ...its }: CollaboratorSource, files: AnswerFiles): Collaborator => ({
  ...its,
  answers: [
    ...its.answers,
    ...(file === undefined ? [] : files.answers(file).answers),
    ...(openapi === undefined ? [] : ofDocument(files.openapi(openapi))),
  ],
});

/** What is no route of ours (a path with a query) answers nothing. */
const ofDocument = (document: OpenApiFile): readonly CannedAnswer[] =>
  answersIn(document).filter(({ on }) => Route.safeParse(on).success) as readonly CannedAnswer[];
