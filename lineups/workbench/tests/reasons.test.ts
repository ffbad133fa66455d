import { describe, expect, it } from "vitest";
import { whyNotGenerate, whyNotSave } from "../src/reasons";
import { face, job, member, photo } from "./material";

const usable = {
  status: { ready: true, reason: null },
  connection: "live" as const,
  running: null,
  inputs: [{ kind: "ready" as const, face: face(), photo: null }],
};

describe("generating", () => {
  it("is possible with a ready worker and an examined photograph", () => {
    expect(whyNotGenerate(usable)).toBeNull();
  });

  it("says the site's own reason while no worker is ready", () => {
    const reason = "The worker is loading the model.";
    expect(whyNotGenerate({ ...usable, status: { ready: false, reason } })).toBe(reason);
    expect(whyNotGenerate({ ...usable, status: { ready: false, reason }, inputs: [{ kind: "uploading", photo: null }] })).toBe(reason);
    expect(whyNotGenerate({ ...usable, status: { ready: false, reason: null } })).toMatch(/No worker is ready/);
  });

  it.each([
    ["a missing photograph", { kind: "empty", name: "input 2" } as const, "Add input 2 first."],
    ["an upload", { kind: "uploading", photo: null } as const, "The photograph is being uploaded."],
    ["an examination", { kind: "examining", photo: photo() } as const, "The photograph is being examined."],
    ["a useless photograph", { kind: "failed", photo: photo(), reason: "No face." } as const, "The photograph cannot be used. Add another one."],
  ])("waits for %s", (_name, input, reason) => {
    expect(whyNotGenerate({ ...usable, inputs: [...usable.inputs, input] })).toBe(reason);
  });

  it("needs two different faces to go from one to the other", () => {
    expect(whyNotGenerate({ ...usable, inputs: [...usable.inputs, ...usable.inputs] })).toBe("Choose two different faces.");
  });

  it("waits for the page that is being made", () => {
    expect(whyNotGenerate({ ...usable, running: job({ state: "running" }) })).toMatch(/being generated/);
  });
});

describe("saving", () => {
  it("needs the suspect and at least one filler", () => {
    const suspect = member({ role: "suspect" });
    expect(whyNotSave([])).toMatch(/suspect/);
    expect(whyNotSave([suspect])).toMatch(/filler/);
    expect(whyNotSave([suspect, member()])).toBeNull();
  });
});
