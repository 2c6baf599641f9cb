import { describe, expect, it } from "vitest";
import { andFinally } from "../src/later.ts";

const first = new Error("first");
const last = new Error("last");

function failing(error: Error): () => never {
  return () => {
    throw error;
  };
}

describe("what is done finally", () => {
  it("is done when the work is, at once or later", async () => {
    const done: string[] = [];
    expect(
      andFinally(
        () => 1,
        () => void done.push("at once"),
      ),
    ).toBe(1);
    expect(
      await andFinally(
        () => Promise.resolve(2),
        () => void done.push("later"),
      ),
    ).toBe(2);
    expect(done).toEqual(["at once", "later"]);
  });

  it("is done when the work fails, which stays the error", async () => {
    const done: string[] = [];
    expect(() => andFinally(failing(first), () => void done.push("at once"))).toThrow(first);
    await expect(
      andFinally(
        () => Promise.reject(first),
        () => void done.push("later"),
      ),
    ).rejects.toBe(first);
    expect(done).toEqual(["at once", "later"]);
  });

  it("hides no error of the work when it fails too", () => {
    let thrown: unknown;
    try {
      void andFinally(failing(first), failing(last));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ error: last, suppressed: first });
  });
});
