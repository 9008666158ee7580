/** `${cart}` stands for the address of the service cart; `$${cart}` for the text itself. */
const PLACEHOLDER = /\$(\$?)\{([a-z][a-z0-9-]*)\}/g;

type Variables = Readonly<Record<string, string>>;

/** The services that values of variables name. */
export const peersIn = (variables: Variables = {}): readonly string[] => [
  ...new Set(
    Object.values(variables).flatMap((value) =>
      [...value.matchAll(PLACEHOLDER)].flatMap(([, dollar, name]) => (dollar === "" ? [name!] : [])),
    ),
  ),
];

/** The variables with addresses in place of names. */
export const withPeers = (variables: Variables, addressOf: (service: string) => string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).map(([variable, value]) => [
      variable,
      value.replace(PLACEHOLDER, (_all, dollar: string, name: string) =>
        dollar === "" ? addressOf(name) : `\${${name}}`,
      ),
    ]),
  );
