import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeployment,
  StopServiceDeploymentCommand,
} from "@aws-sdk/client-ecs";

/** ECS's service deployments: what a service goes through from one task definition to the next. */
export interface EcsRollouts {
  /** That of the service, begun after `after` (milliseconds since 1970), which brings the task definition. */
  find(cluster: string, service: string, taskDefinition: string, after: number): Promise<ServiceDeployment | undefined>;
  describe(arn: string): Promise<ServiceDeployment | undefined>;
  /** Asks for the revision before. */
  rollBack(arn: string): Promise<void>;
}

export const createEcsRollouts = (ecs: ECSClient): EcsRollouts => {
  const describe = async (arn: string): Promise<ServiceDeployment | undefined> => {
    const command = new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] });
    return (await ecs.send(command)).serviceDeployments?.[0];
  };

  const bringsOf = async (revision: string): Promise<string | undefined> => {
    const command = new DescribeServiceRevisionsCommand({ serviceRevisionArns: [revision] });
    return (await ecs.send(command)).serviceRevisions?.[0]?.taskDefinition;
  };

  return {
    describe,

    async find(cluster, service, taskDefinition, after) {
      let nextToken: string | undefined;
      do {
        const page = await ecs.send(
          new ListServiceDeploymentsCommand({ cluster, service, createdAt: { after: new Date(after) }, nextToken }),
        );
        for (const { serviceDeploymentArn = "", targetServiceRevisionArn = "" } of page.serviceDeployments ?? [])
          if ((await bringsOf(targetServiceRevisionArn)) === taskDefinition) return describe(serviceDeploymentArn);
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
      return undefined;
    },

    async rollBack(arn) {
      await ecs.send(new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" }));
    },
  };
};
