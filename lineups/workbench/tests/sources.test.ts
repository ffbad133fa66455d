import { flushPromises, mount } from "@vue/test-utils";
import type { VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "../src/api";
import WorkbenchScreen from "../src/components/WorkbenchScreen.vue";
import type { Readiness } from "../src/types";
import { LINEUP, READY, face, job, lineup, member, page, photo } from "./material";
import { Site, Socket, refuse } from "./site";

/** The gallery first, which can be held to hair; the generator beside it, which can be held to sex. */
const BOTH: Readiness = {
  ...READY,
  abilities: {
    source: "gallery", locks: [{ name: "hair", values: ["same", "grey"], usual: "same" }], adjustments: [],
    fitness: { casework: false, figures: {} }, others: [{ ...READY.abilities }],
  },
};

describe("two sources of faces", () => {
  let site: Site;
  let screen: VueWrapper;
  let asked: unknown[];

  const suspect = face({ id: "s", kind: "photo", source: "gallery", similarity: null });
  const examined = photo({ id: "p", face: suspect });
  const results = page({ faces: [face({ id: "g", source: "generator" })] });

  async function open(status: Readiness): Promise<void> {
    asked = [];
    site = new Site()
      .on(`GET lineups/${LINEUP}/`, () => lineup({ photos: [examined], pages: [results], members: [member({ face: suspect, role: "suspect" })] }))
      .on(`GET pages/${results.id}/`, () => results)
      .on("GET status/", () => status)
      .on(`POST lineups/${LINEUP}/jobs/`, (body) => (asked.push(body), job({ state: "cancelled" })))
      .on("POST photos/p/again/", (body) => (asked.push(body), { photo: photo(), job: job({ kind: "examine", photo: "p" }) }))
      .on(`POST lineups/${LINEUP}/members/`, (body) => {
        asked.push(body);
        return (body as { reason?: string }).reason ? member() : refuse(409, "other_source", "Members come from one source.");
      });
    screen = mount(WorkbenchScreen, { attachTo: document.body, props: { id: LINEUP, api: new Api() } });
    await flushPromises();
    Socket.last.say({ type: "snapshot", jobs: [], status });
    await flushPromises();
  }
  const press = async (label: string) => {
    await screen.findAll("button").find((one) => one.text() === label)?.trigger("click");
    await flushPromises();
  };

  beforeEach(() => Socket.install());
  afterEach(() => {
    screen.unmount();
    vi.unstubAllGlobals();
  });

  it("are a choice only where there are two", async () => {
    await open(READY);
    expect(screen.find(".source").exists()).toBe(false);
  });

  it("ask of faces what the chosen source can", async () => {
    await open(BOTH);
    expect(screen.get<HTMLInputElement>(".source input[value=gallery]").element.checked).toBe(true);
    await press("Generate results");
    expect(asked).toEqual([{ kind: "generate", face: "s", locks: { hair: "same" } }]);
  });

  it("have a photograph examined again when the officer turns to the other", async () => {
    await open(BOTH);
    await screen.get(".source input[value=generator]").trigger("change");
    await flushPromises();
    expect(asked).toEqual([{ source: "generator" }]);
    expect(site.count(`GET lineups/${LINEUP}/`)).toBe(2);
  });

  it("are not mixed without a reason", async () => {
    await open(BOTH);
    await screen.get(".grid button.tile").trigger("click");
    await screen.findAll("[role=menuitem]").find((one) => one.text() === "Select")?.trigger("click");
    await flushPromises();
    expect(screen.get<HTMLDialogElement>("dialog.insist").element.open).toBe(true);
    await press("Select all the same");
    expect(asked).toEqual([{ face: "g" }]);

    await screen.get("dialog.insist textarea").setValue(" Nobody else has his scar. ");
    await press("Select all the same");
    expect(asked[1]).toEqual({ face: "g", reason: "Nobody else has his scar." });
    expect(screen.get<HTMLDialogElement>("dialog.insist").element.open).toBe(false);
  });

  it("leave refinement to the generator", async () => {
    await open(BOTH);
    expect(screen.text()).toContain("Only the generator can be refined.");
  });
});
