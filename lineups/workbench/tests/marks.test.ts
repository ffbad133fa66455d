import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "../src/api";
import SavedPicture from "../src/components/SavedPicture.vue";
import WorkbenchScreen from "../src/components/WorkbenchScreen.vue";
import type { Export } from "../src/types";
import { LINEUP, READY, lineup } from "./material";
import { Site, Socket } from "./site";

const MARK = "Demonstration, not for casework";

describe("what is not fit for casework", () => {
  beforeEach(() => Socket.install());
  afterEach(() => {
    document.body.innerHTML = "";
    vi.unstubAllGlobals();
  });

  const saved = (mark: string | null): Export => ({
    id: "e", image: "/api/v1/exports/e/image/", document: "/api/v1/exports/e/document/", mark, order: [],
    suspect_position: 2, sha256: "5", created: "2026-01-01T00:00:00Z",
  });

  it("says so above the saved picture, whose record can be downloaded", () => {
    const shown = mount(SavedPicture, { props: { lineup: lineup(), picture: saved(MARK), members: 6 } });
    expect(shown.get(".marked").text()).toBe(MARK);
    expect(shown.findAll("a").map((link) => link.attributes("href"))).toContain("/api/v1/exports/e/document/");
    expect(mount(SavedPicture, { props: { lineup: lineup(), picture: saved(null), members: 6 } }).find(".marked").exists()).toBe(false);
  });

  it("marks an open page that came without a mark as soon as a worker says so", async () => {
    const fit = { ...READY, casework: true };
    new Site().on(`GET lineups/${LINEUP}/`, () => lineup()).on("GET status/", () => fit);
    const screen = mount(WorkbenchScreen, { attachTo: document.body, props: { id: LINEUP, api: new Api() } });
    await flushPromises();
    Socket.last.say({ type: "snapshot", jobs: [], status: fit });
    await flushPromises();
    expect(screen.find(".mark").exists()).toBe(false);

    Socket.last.say({ type: "status", status: READY });
    await flushPromises();
    expect(screen.get(".mark").text()).toBe(MARK);
    screen.unmount();
  });

  it("is marked once where the page came with its mark", async () => {
    document.body.innerHTML = `<p id="mark">${MARK}</p>`;
    new Site().on(`GET lineups/${LINEUP}/`, () => lineup()).on("GET status/", () => READY);
    const screen = mount(WorkbenchScreen, { attachTo: document.body, props: { id: LINEUP, api: new Api() } });
    await flushPromises();
    expect(screen.find(".mark").exists()).toBe(false);
    screen.unmount();
  });
});
