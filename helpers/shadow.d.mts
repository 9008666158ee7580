import type { MarkedRequest, MarkOptions } from "./marks.mjs";

/** In an overlay (`SHADOW_MODE=true`) each request is a shadow, elsewhere those that a tee signed. */
export declare const createShadowTest: (options?: MarkOptions) => (request: MarkedRequest) => boolean;

/** Everything that `work` begins, and awaits, belongs to a request that is a shadow or is none. */
export declare const withShadow: <T>(shadow: boolean, work: () => T) => T;

/** @throws Error outside of any request: what lost its context must not be committed */
export declare const isShadow: () => boolean;

/** Does what leaves this process only for real requests; for shadows `standIn` says what it would have answered. */
export declare const unlessShadow: <T>(effect: () => T, standIn: () => T) => T;

export interface Unit<T> {
  readonly begin: () => T | Promise<T>;
  readonly commit: (unit: T) => unknown;
  readonly rollback: (unit: T) => unknown;
}
export interface UnitSync<T> {
  readonly begin: () => T;
  readonly commit: (unit: T) => void;
  readonly rollback: (unit: T) => void;
}

/** Commits the work of real requests, rolls back that of shadows and of failures. @throws what the work throws */
export declare const unitOfWork: <T>(unit: Unit<T>) => <R>(work: (unit: T) => R | Promise<R>) => Promise<R>;

/** The same for drivers that wait by themselves, such as node:sqlite. @throws TypeError where the work gives a promise */
export declare const unitOfWorkSync: <T>(unit: UnitSync<T>) => <R>(work: (unit: T) => R) => R;
