import { flushPromises, mount } from "@vue/test-utils";
import type { VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "../src/api";
import WorkbenchScreen from "../src/components/WorkbenchScreen.vue";
import { isUnknown, lockedValue, value } from "../src/predictions";
import type { Predicted } from "../src/types";
import { LINEUP, READY, face, job, lineup, member, photo, predicted } from "./material";
import { Site, Socket } from "./site";

const OLGA = { value: "female", by: "olga", at: "2026-01-01T00:00:00Z" };

describe("what is not known of the suspect", () => {
  let screen: VueWrapper;
  let said: Predicted[];
  let asked: unknown[];

  const suspect = () => face({ id: "s", kind: "photo", similarity: null, attributes: { bundle: "b", note: "", predicted: said } });

  beforeEach(async () => {
    Socket.install();
    said = [predicted("sex", { value: null, confidence: 0.6 }), predicted("hair", { value: null, confidence: 0.4 })];
    asked = [];
    new Site()
      .on(`GET lineups/${LINEUP}/`, () => lineup({ photos: [photo({ face: suspect() })], members: [member({ face: suspect(), role: "suspect" })] }))
      .on("GET status/", () => READY)
      .on("POST faces/s/statements/", (body) => {
        asked.push(body);
        said = [predicted("sex", { value: null, stated: OLGA }), ...said.slice(1)];
        return suspect();
      })
      .on(`POST lineups/${LINEUP}/jobs/`, (body) => {
        asked.push(body);
        return job({ state: "cancelled" });
      });
    screen = mount(WorkbenchScreen, { attachTo: document.body, props: { id: LINEUP, api: new Api() } });
    await flushPromises();
    Socket.last.say({ type: "snapshot", jobs: [], status: READY });
    await flushPromises();
  });

  afterEach(() => {
    screen.unmount();
    vi.unstubAllGlobals();
  });

  const generate = async () => {
    await screen.findAll("button").find((one) => one.text() === "Generate results")?.trigger("click");
    await flushPromises();
  };

  it("is asked of the officer and asks nothing of the fillers", async () => {
    const rows = screen.findAll("#panel-basic .describe .asked");
    expect(rows.map((row) => row.get("label").text())).toEqual(["Sex", "Baldness"]);
    expect(rows[0]?.get("option").text()).toBe("Not known: please say");
    await generate();
    expect(asked).toEqual([{ kind: "generate", face: "s" }]);
  });

  it("is held to once the officer has said it, with who did", async () => {
    await screen.get("#panel-basic .describe select").setValue("female");
    await flushPromises();
    expect(asked).toEqual([{ name: "sex", value: "female" }]);
    expect(screen.get("#panel-basic .describe").text()).toContain("said by olga");
    await generate();
    expect(asked[1]).toEqual({ kind: "generate", face: "s", locks: { sex: "same" } });
  });
});

describe("a finding in words", () => {
  it("says what is not known, and whose word counts", () => {
    expect(value(predicted("sex", { value: null }))).toBe("Not known");
    expect(value(predicted("sex", { value: "male", stated: OLGA }))).toBe("Female (said by olga)");
    expect(isUnknown(predicted("sex", { value: null, stated: OLGA }))).toBe(false);
  });

  it("reads baldness from hair only where nothing is said of it", () => {
    const hair = predicted("hair", { value: "bald" });
    expect(lockedValue("baldness", [hair])?.value).toBe(true);
    expect(lockedValue("baldness", [hair, predicted("baldness", { value: false })])?.value).toBe(false);
    expect(lockedValue("baldness", [predicted("hair", { value: null })])?.value).toBeNull();
  });
});
