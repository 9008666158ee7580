import { dirname, isAbsolute, join } from "node:path";
import { OpenApiFile } from "../core/endpoints/openapi.ts";
import { type AnswerFiles, withAnswers } from "../core/sampling/collaborator-files.ts";
import { AnswersFile, type Collaborators, CollaboratorsFile } from "../core/sampling/collaborators.ts";
import type { Io } from "./io.ts";
import { readYamlFile } from "./yaml-file.ts";

/** What collaborators of a file name, found from the folder of that file. */
export const answerFilesOf = (io: Pick<Io, "readFile">, file: string): AnswerFiles => {
  const beside = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path));
  return {
    openapi: (path) => readYamlFile(io, beside(path), OpenApiFile),
    answers: (path) => readYamlFile(io, beside(path), AnswersFile),
  };
};

/** @throws FileError "invalid-input" with all faults together, each with its line */
export const readCollaborators = (io: Pick<Io, "readFile">, file: string): Collaborators =>
  withAnswers(readYamlFile(io, file, CollaboratorsFile).collaborators, answerFilesOf(io, file));
