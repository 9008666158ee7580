import { ecsServiceActions } from "./ecs-services.ts";
import { registryActions } from "./registries.ts";
import { rolloutActions } from "./rollouts.ts";
import { type Action, type Cloud, CloudFault, type Input } from "./state.ts";
import { taskDefinitionActions } from "./task-definitions.ts";
import { taskActions } from "./tasks.ts";

/** By the prefix of `x-amz-target` (AWS JSON 1.1). */
const ACTIONS: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
  AmazonEC2ContainerServiceV20141113: {
    ...ecsServiceActions,
    ...rolloutActions,
    ...taskActions,
    ...taskDefinitionActions,
  },
  Route53AutoNaming_v20170314: registryActions,
};

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One call, as AWS would answer it. */
export const answer = (target: string, body: string, cloud: Cloud): Answer => {
  const [prefix = "", name = ""] = target.split(".");
  const action = ACTIONS[prefix]?.[name];
  if (action === undefined) return fault("UnknownOperationException", `${target} is not emulated here`);
  try {
    return { status: 200, body: JSON.stringify(action(JSON.parse(body === "" ? "{}" : body) as Input, cloud)) };
  } catch (error) {
    if (error instanceof CloudFault) return fault(error.name, error.message);
    throw error;
  }
};

const fault = (type: string, message: string): Answer => ({
  status: 400,
  body: JSON.stringify({ __type: type, message }),
});
