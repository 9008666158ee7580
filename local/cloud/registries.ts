import { instancesIn } from "./ecs-services.ts";
import {
  ACCOUNT,
  type Action,
  type Cloud,
  CloudFault,
  nextNumber,
  page,
  REGION,
  type StoredRegistry,
} from "./state.ts";

const CreatePrivateDnsNamespace: Action = ({ Name }, { state }) => {
  const id = `ns-${String(nextNumber(state, "namespaces")).padStart(4, "0")}`;
  state.namespaces[id] = { id, name: String(Name) };
  return { OperationId: id };
};

const CreateService: Action = (input, { state, now }) => {
  const namespace = String(input.NamespaceId);
  const name = String(input.Name ?? "");
  if (state.namespaces[namespace] === undefined) throw new CloudFault("NamespaceNotFound", `${namespace}`);
  if (!/^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$/i.test(name))
    throw new CloudFault("InvalidInput", `Invalid name ${name}`);
  const creator = input.CreatorRequestId as string | undefined;
  const there = Object.values(state.registries).find((one) => one.name === name && one.namespace === namespace);
  if (there !== undefined && (creator === undefined || there.creator !== creator))
    throw new CloudFault("ServiceAlreadyExists", `Service ${name} already exists.`);
  if (there !== undefined) return { Service: shown(there) };
  const id = `srv-${String(nextNumber(state, "registries")).padStart(8, "0")}`;
  const arn = `arn:aws:servicediscovery:${REGION}:${ACCOUNT}:service/${id}`;
  const { Tags = [], ...rest } = input;
  const tags = Tags as StoredRegistry["tags"];
  const registry: StoredRegistry = { id, arn, name, namespace, creator, input: rest, tags, createdAt: now() };
  state.registries[id] = registry;
  return { Service: shown(registry) };
};

const shown = ({ id, arn, name, input, createdAt }: StoredRegistry) => ({
  ...input,
  Id: id,
  Arn: arn,
  Name: name,
  CreateDate: createdAt / 1_000,
});

const ListServices: Action = ({ Filters, NextToken }, cloud) => {
  const filters = (Filters ?? []) as readonly { readonly Name: string; readonly Values: readonly string[] }[];
  const namespaces = filters.find(({ Name }) => Name === "NAMESPACE_ID")?.Values;
  const found = Object.values(cloud.state.registries).filter((one) => namespaces?.includes(one.namespace) ?? true);
  const { items, next } = page(found, NextToken, cloud);
  return { Services: items.map(shown), NextToken: next };
};

const registryOf = ({ state }: Cloud, id: unknown): StoredRegistry => {
  const found = state.registries[String(id)];
  if (found === undefined) throw new CloudFault("ServiceNotFound", `Service ${id} not found.`);
  return found;
};

const DeleteService: Action = ({ Id }, cloud) => {
  const { id, arn } = registryOf(cloud, Id);
  if (instancesIn(arn, cloud) > 0)
    throw new CloudFault(
      "ResourceInUse",
      "Service contains registered instances; delete the instances before deleting the service",
    );
  delete cloud.state.registries[id];
  return {};
};

const ListTagsForResource: Action = ({ ResourceARN }, { state }) => {
  const found = Object.values(state.registries).find(({ arn }) => arn === ResourceARN);
  if (found === undefined) throw new CloudFault("ResourceNotFoundException", `${ResourceARN} not found.`);
  return { Tags: found.tags };
};

export const registryActions = {
  CreatePrivateDnsNamespace,
  CreateService,
  ListServices,
  DeleteService,
  ListTagsForResource,
};
