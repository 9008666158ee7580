import { AsyncLocalStorage } from "node:async_hooks";
import { createMarkReader } from "./marks.mjs";

/** Of each request, whether it is a shadow. */
const requests = new AsyncLocalStorage();

/** All that an overlay does is shadow: deployed ones have this set. */
const isOverlay = () => process.env.SHADOW_MODE === "true";

/** Tells whether a request is a shadow: in an overlay each is, elsewhere those that a tee signed. */
export const createShadowTest = (options) => {
  const markOf = createMarkReader(options);
  return (request) => isOverlay() || markOf(request) !== undefined;
};

/** Everything that `work` begins, and awaits, belongs to a request that is a shadow or is none. */
export const withShadow = (shadow, work) => requests.run({ shadow }, work);

/**
 * Is what runs here the work of a shadow request? Where nobody said, nobody may guess: a request that lost its context would be
 * committed.
 */
export const isShadow = () => {
  if (isOverlay()) return true;
  const request = requests.getStore();
  if (request !== undefined) return request.shadow;
  throw new Error(
    "no request is known here: call it inside a wrapped handler, or inside withShadow(false, …) for jobs",
  );
};

/** Does what leaves this process, such as a mail, only for real requests; for shadows `standIn` says what it would have answered. */
export const unlessShadow = (effect, standIn) => (isShadow() ? standIn() : effect());

/** Does `work` between `begin` and `commit`, or, of a shadow, between `begin` and `rollback`; gives what it gave. */
export const unitOfWork =
  ({ begin, commit, rollback }) =>
  async (work) => {
    const shadow = isShadow();
    const unit = await begin();
    let result;
    try {
      result = await work(unit);
    } catch (error) {
      try {
        await rollback(unit);
      } catch (fault) {
        throw new AggregateError([error, fault], "the work failed, and so did its rollback");
      }
      throw error;
    }
    await (shadow ? rollback(unit) : commit(unit));
    return result;
  };

/** The same for drivers that wait by themselves: nothing of another request comes between. */
export const unitOfWorkSync =
  ({ begin, commit, rollback }) =>
  (work) => {
    const shadow = isShadow();
    const unit = begin();
    let result;
    try {
      result = work(unit);
      if (typeof result?.then === "function") throw new TypeError("the work must not be asynchronous: use unitOfWork");
    } catch (error) {
      try {
        rollback(unit);
      } catch (fault) {
        throw new AggregateError([error, fault], "the work failed, and so did its rollback");
      }
      throw error;
    }
    shadow ? rollback(unit) : commit(unit);
    return result;
  };
