import { setTimeout as sleep } from "node:timers/promises";
import { isShadow, unitOfWork, unitOfWorkSync, unlessShadow, withShadow } from "../../helpers/shadow.mjs";

afterEach(() => {
  delete process.env.SHADOW_MODE;
});

const unit = (over: Partial<Record<"begin" | "commit" | "rollback", () => unknown>> = {}) => {
  const did: string[] = [];
  const step = (name: "begin" | "commit" | "rollback") => () => {
    did.push(name);
    return over[name]?.();
  };
  const of = { begin: step("begin"), commit: step("commit"), rollback: step("rollback") };
  return { did, asynchronous: unitOfWork(of), synchronous: unitOfWorkSync(of) };
};

describe.each(["asynchronous", "synchronous"] as const)("an %s unit of work", (kind) => {
  test.each([
    [false, "commit"],
    [true, "rollback"],
  ])("of a request that is a shadow: %s, ends with %s, and gives what the work gave", async (shadow, end) => {
    const { did, ...units } = unit();
    expect(await withShadow(shadow, () => units[kind](() => 17))).toBe(17);
    expect(did).toEqual(["begin", end]);
  });

  test.each([false, true])("that fails is rolled back, shadow %s, and the failure goes on", async (shadow) => {
    const { did, ...units } = unit();
    const fail = async () =>
      withShadow(shadow, () =>
        units[kind](() => {
          throw new Error("no stock");
        }),
      );
    await expect(fail()).rejects.toThrow("no stock");
    expect(did).toEqual(["begin", "rollback"]);
  });

  test("whose rollback fails as well tells both", async () => {
    const units = unit({
      rollback: () => {
        throw new Error("connection lost");
      },
    });
    const fail = async () =>
      withShadow(true, () =>
        units[kind](() => {
          throw new Error("no stock");
        }),
      );
    await expect(fail()).rejects.toMatchObject({ errors: [{ message: "no stock" }, { message: "connection lost" }] });
  });

  test("of a shadow whose rollback fails does not look done", async () => {
    const units = unit({
      rollback: () => {
        throw new Error("connection lost");
      },
    });
    await expect((async () => withShadow(true, () => units[kind](() => 17)))()).rejects.toThrow("connection lost");
  });

  test("outside of any request does not even begin", async () => {
    const { did, ...units } = unit();
    await expect((async () => units[kind](() => 17))()).rejects.toThrow("no request is known here");
    expect(did).toEqual([]);
  });

  test("in an overlay is rolled back, whatever the request says", async () => {
    process.env.SHADOW_MODE = "true";
    const { did, ...units } = unit();
    await withShadow(false, () => units[kind](() => 17));
    await units[kind](() => 17);
    expect(did).toEqual(["begin", "rollback", "begin", "rollback"]);
  });
});

test("work that gives a promise is no synchronous unit: it would end before its work", () => {
  const { did, synchronous } = unit();
  expect(() => withShadow(false, () => synchronous(async () => 17))).toThrow("must not be asynchronous");
  expect(did).toEqual(["begin", "rollback"]);
});

test("requests at the same time do not see each other", async () => {
  const seen = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      withShadow(i % 2 === 0, async () => {
        await sleep(i % 5);
        return isShadow() === (i % 2 === 0);
      }),
    ),
  );
  expect(seen.every(Boolean)).toBe(true);
});

test("only true is SHADOW_MODE", () => {
  for (const value of ["", "false", "1", "TRUE"]) {
    process.env.SHADOW_MODE = value;
    expect(withShadow(false, isShadow)).toBe(false);
  }
});

test("what leaves the process is done for real requests alone", () => {
  let mails = 0;
  const send = () =>
    unlessShadow(
      () => ++mails,
      () => 0,
    );
  expect([withShadow(true, send), withShadow(false, send), withShadow(true, send)]).toEqual([0, 1, 0]);
  expect(mails).toBe(1);
});
