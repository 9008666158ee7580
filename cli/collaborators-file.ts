import { dirname, isAbsolute, join } from "node:path";
import * as z from "zod";
import { OpenApiFile } from "../core/endpoints/openapi.ts";
import { ShadowgraphError } from "../core/errors.ts";
import { type AnswerFiles, withAnswers } from "../core/sampling/collaborator-files.ts";
import {
  AnswersFile,
  CollaboratorSources,
  type Collaborators,
  CollaboratorsFile,
} from "../core/sampling/collaborators.ts";
import { OverlayFile } from "../core/sampling/environment.ts";
import type { Io } from "./io.ts";
import { readYamlFile } from "./yaml-file.ts";

/** overlay.yaml as it is written: answers of collaborators may also be those of files beside it. */
export const OverlaySource = z.strictObject({ ...OverlayFile.shape, collaborators: CollaboratorSources.optional() });

/** What collaborators of a file name, found from the folder of that file. */
const answerFilesOf = (io: Pick<Io, "readFile">, file: string): AnswerFiles => {
  const beside = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path));
  return {
    openapi: (path) => readYamlFile(io, beside(path), OpenApiFile),
    answers: (path) => readYamlFile(io, beside(path), AnswersFile),
  };
};

/** An overlay as the API takes it. @throws FileError "invalid-input" with all faults together, each with its line */
export const readOverlayFile = (io: Pick<Io, "readFile">, file: string): OverlayFile => {
  const { collaborators, ...overlay } = readYamlFile(io, file, OverlaySource);
  if (collaborators === undefined) return overlay;
  return { ...overlay, collaborators: withAnswers(collaborators, answerFilesOf(io, file)) };
};

/** Of collaborators.yaml, or of an overlay.yaml. @throws FileError "invalid-input" with all faults together, each with its line */
export const readCollaborators = (io: Pick<Io, "readFile">, file: string): Collaborators => {
  if (!isOverlay(io, file))
    return withAnswers(readYamlFile(io, file, CollaboratorsFile).collaborators, answerFilesOf(io, file));
  const { collaborators } = readOverlayFile(io, file);
  if (collaborators !== undefined) return collaborators;
  throw new ShadowgraphError("invalid-input", `${file} names no collaborators`);
};

const isOverlay = (io: Pick<Io, "readFile">, file: string): boolean => {
  try {
    return /^services:/m.test(io.readFile(file));
  } catch {
    return false; // Whoever reads it says why it cannot be read.
  }
};
