import { type App, Validations } from "aws-cdk-lib/core";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";
import { PromisesChecks } from "./promises.ts";

/**
 * cdk-nag's AWS Solutions and Serverless rules, and our own promises: a violation fails the synth, unless acknowledged with a
 * reason beside what breaks the rule.
 */
export const addChecks = (app: App): void => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app), new PromisesChecks());
};
