import { describe, expect, it } from "vitest";
import { whyNotGenerate, whyNotRefine, whyNotSave } from "../src/reasons";
import { READY, face, job, member, photo } from "./material";

const usable = {
  status: READY,
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
    expect(whyNotGenerate({ ...usable, status: { ...READY, ready: false, reason } })).toBe(reason);
    expect(whyNotGenerate({ ...usable, status: { ...READY, ready: false, reason }, inputs: [{ kind: "uploading", photo: null }] })).toBe(reason);
    expect(whyNotGenerate({ ...usable, status: { ...READY, ready: false, reason: null } })).toMatch(/No worker is ready/);
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

describe("refining", () => {
  const refinable = {
    status: READY,
    connection: "live" as const,
    refining: null,
    photos: [{ kind: "ready" as const, face: face(), photo: photo() }],
  };

  it("is possible with a worker that refines and an examined photograph, while a page is being made too", () => {
    expect(whyNotRefine(refinable)).toBeNull();
    expect(whyNotRefine({ ...refinable, status: { ...READY, ready: false, reason: "Loading." } })).toBeNull();
  });

  it("says the site's own reason while no worker that refines is ready", () => {
    const refining = { ...READY.refining, ready: false, reason: "No worker that refines is running." };
    expect(whyNotRefine({ ...refinable, status: { ...READY, refining } })).toBe("No worker that refines is running.");
  });

  it("waits for the refinement that is running, and for the photographs", () => {
    expect(whyNotRefine({ ...refinable, refining: job({ kind: "refine" }) })).toMatch(/is running/);
    expect(whyNotRefine({ ...refinable, photos: [{ kind: "empty", name: "input 2" }] })).toBe("Add input 2 first.");
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
