/** @throws Error that tells all faults of a construct's props together */
export const refuse = (construct: string, faults: readonly (string | undefined)[]): void => {
  const told = faults.filter((fault) => fault !== undefined);
  if (told.length > 0) throw new Error(`${construct}: ${told.join("; ")}`);
};

export const wholeFault = (name: string, value: number, min: number, max: number): string | undefined =>
  Number.isInteger(value) && value >= min && value <= max
    ? undefined
    : `${name} must be a whole number of ${min} to ${max}; got ${value}`;
