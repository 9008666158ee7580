import type { FieldFault } from "../../core/errors.ts";
import { hasDeployed, type OverlayFile } from "../../core/sampling/environment.ts";

/** ECS takes 64 KiB of a task definition, and the baseline's containers are in it as well. */
const MAX_COLLABORATORS_BYTES = 24_576;

/** Of a guard that we start: it stands in the task of the service, and nobody else reaches it. */
export const unguardable = (file: OverlayFile): readonly FieldFault[] => {
  const { collaborators } = file;
  // Beside services that run already somebody else runs the guard.
  if (collaborators === undefined || !hasDeployed(file)) return [];
  const fault = (field: string, message: string): FieldFault => ({ field: `collaborators${field}`, message });
  const bytes = Buffer.byteLength(JSON.stringify(collaborators));
  if (bytes > MAX_COLLABORATORS_BYTES)
    return [
      fault("", `must be at most ${MAX_COLLABORATORS_BYTES} bytes as JSON, answers of files included; got ${bytes}`),
    ];
  return Object.entries(collaborators).flatMap(([name, { env, mode, observe, port }]) => [
    ...(env === undefined ? [fault(`.${name}.env`, "must name the variable by which the services find it")] : []),
    ...(mode === "mirror"
      ? [
          fault(
            `.${name}.mode`,
            'must be replace or sidecar where services are deployed: the baseline\'s calls are not heard there; got "mirror"',
          ),
        ]
      : []),
    ...(observe === undefined
      ? []
      : [fault(`.${name}.observe`, `must be left out where services are deployed; got ${observe}`)]),
    ...(port === undefined
      ? []
      : [fault(`.${name}.port`, `must be left out where services are deployed: one is chosen; got ${port}`)]),
  ]);
};
