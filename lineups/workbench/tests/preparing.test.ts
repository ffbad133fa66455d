import { flushPromises, mount } from "@vue/test-utils";
import type { VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "../src/api";
import WorkbenchScreen from "../src/components/WorkbenchScreen.vue";
import type { LineupDetail, Preparation } from "../src/types";
import { LINEUP, READY, face, job, lineup, member, photo } from "./material";
import { Site, Socket } from "./site";

const SENTENCE = "The suspect's picture differs most in sharpness: 1st of 3 there, overall 2nd of 3.";
const PREPARED: Preparation = {
  id: "q", evened: true, reason: "", created: "2026-01-01T00:00:00Z",
  appearance: { sentence: SENTENCE, rank: 2, size: 3, plainly: ["sharpness"], aspects: [{ name: "sharpness", rank: 1, distance: 2.345 }] },
};

describe("a lineup of photographic people", () => {
  let screen: VueWrapper;
  let now: LineupDetail;
  let asked: unknown[];
  const preparing = job({ kind: "prepare", state: "running", stage: "even", progress: 0.6, sequence: 2 });

  beforeEach(async () => {
    Socket.install();
    asked = [];
    const suspect = face({ kind: "photo", source: "gallery" });
    const fillers = [2, 3].map((position) => member({ position, face: face({ source: "gallery" }) }));
    now = lineup({ photos: [photo({ face: suspect })], members: [member({ face: suspect, role: "suspect" }), ...fillers] });
    new Site()
      .on(`GET lineups/${LINEUP}/`, () => now)
      .on("GET status/", () => READY)
      .on(`POST lineups/${LINEUP}/jobs/`, (body) => (asked.push(body), preparing))
      .on(`POST lineups/${LINEUP}/save/`, () => (asked.push("save"), {}));
    screen = mount(WorkbenchScreen, { attachTo: document.body, props: { id: LINEUP, api: new Api() } });
    await flushPromises();
    Socket.last.say({ type: "snapshot", jobs: [], status: READY });
    await flushPromises();
  });

  afterEach(() => {
    screen.unmount();
    vi.unstubAllGlobals();
  });

  const press = async (label: string) => {
    await screen.findAll("button").find((one) => one.text() === label)?.trigger("click");
    await flushPromises();
  };
  const arrives = async () => {
    now = { ...now, preparation: PREPARED };
    Socket.last.say({ type: "job", job: { ...preparing, sequence: 9, state: "succeeded" } });
    await flushPromises();
  };

  it("is evened out and checked before it can be saved", async () => {
    await press("Save lineup");
    expect(asked).toEqual([{ kind: "prepare", even: true }]);
    await press("Save for good");
    expect(asked).toHaveLength(1);

    await arrives();
    expect(screen.get(".check [role=status]").text()).toBe(SENTENCE);
    expect(screen.get(".check tbody").text()).toMatch(/Sharpness\s*1 of 3\s*2\.35/);
    await press("Save for good");
    expect(asked[1]).toBe("save");
  });

  it("is left as it is only for a reason", async () => {
    await press("Save lineup");
    await arrives();
    await press("Leave the pictures as they are");
    await screen.get("dialog form").trigger("submit");
    expect(asked).toHaveLength(1);
    await screen.get(".save textarea").setValue("A booking photograph.");
    await screen.get("dialog form").trigger("submit");
    await flushPromises();
    expect(asked[1]).toEqual({ kind: "prepare", even: false, reason: "A booking photograph." });
  });
});
