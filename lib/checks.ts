import { type App, Validations } from "aws-cdk-lib/core";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";

/** cdk-nag's AWS Solutions and Serverless rules: a violation fails the synth, unless acknowledged with a reason beside what breaks the rule. */
export const addChecks = (app: App): void => {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
};
