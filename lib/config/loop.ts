interface Loop {
  readonly primaryUrl: string;
  readonly listenerArn: string;
  readonly hosts?: readonly string[];
}

/** A tee that asks the listener that it stands behind asks itself, for ever. */
export const loopFault = ({ primaryUrl, listenerArn, hosts = [] }: Loop): string | undefined => {
  const { hostname } = new URL(primaryUrl);
  const [, name = ""] = /:listener\/app\/([^/]+)\//.exec(listenerArn) ?? [];
  const isLoadBalancer =
    /^(?:internal-)?(.+)-\d+\.[a-z0-9-]+\.elb\.amazonaws\.com(?:\.cn)?$/.exec(hostname)?.[1] === name;
  const host = hosts.find((pattern) => patternOf(pattern).test(hostname));
  if (!isLoadBalancer && host === undefined) return undefined;
  const why = isLoadBalancer ? `the load balancer "${name}" of the listener` : `the host "${host}" of the rule`;
  return `url must reach the baseline directly, by its targets' or a Cloud Map name; got "${primaryUrl}", which is ${why}: the tee would ask itself`;
};

const patternOf = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "i",
  );
