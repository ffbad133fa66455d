import { flushPromises, mount } from "@vue/test-utils";
import type { VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "../src/api";
import WorkbenchScreen from "../src/components/WorkbenchScreen.vue";
import type { Job, LineupDetail } from "../src/types";
import { LINEUP, READY, face, job, lineup, member, page, photo, predicted } from "./material";
import { Site, Socket, refuse } from "./site";

describe("the workbench", () => {
  let site: Site;
  let screen: VueWrapper;
  let now: LineupDetail;

  const suspect = face({ kind: "photo", similarity: null });
  const examined = photo({ face: suspect });
  const USUAL = { locks: { sex: "same" } };
  const first = page({ inputs: [suspect.id], created: "2030-01-01T00:00:00Z" });

  beforeEach(() => {
    Socket.install();
    now = lineup({ photos: [examined], members: [member({ face: suspect, role: "suspect" })] });
    site = new Site()
      .on(`GET lineups/${LINEUP}/`, () => now)
      .on("GET status/", () => READY)
      .on(`GET pages/${first.id}/`, () => first);
  });

  afterEach(() => {
    screen.unmount();
    vi.unstubAllGlobals();
  });

  async function open(): Promise<void> {
    screen = mount(WorkbenchScreen, { attachTo: document.body, props: { id: LINEUP, api: new Api() } });
    await flushPromises();
    Socket.last.say({ type: "snapshot", jobs: now.jobs, status: READY });
    await flushPromises();
  }

  const button = (label: string) => {
    const found = screen.findAll("button").find((one) => one.text().startsWith(label));
    if (!found) throw new Error(`No button ${label}`);
    return found;
  };
  const press = async (label: string) => {
    await button(label).trigger("click");
    await flushPromises();
  };
  /** What is asked of the workers from now on; each time the site answers with `answer`. */
  const requests = (answer: () => Job = () => job({ state: "cancelled" })): unknown[] => {
    const bodies: unknown[] = [];
    site.on(`POST lineups/${LINEUP}/jobs/`, (body) => {
      bodies.push(body);
      return answer();
    });
    return bodies;
  };
  const has = (label: string): boolean => screen.findAll("button").some((one) => one.text().startsWith(label));
  const faces = () => screen.findAll(".grid button.tile");
  const choose = async (label: string, index = 0) => {
    await faces()[index]?.trigger("click");
    await screen.findAll("[role=menuitem]").find((one) => one.text() === label)?.trigger("click");
    await flushPromises();
  };

  it("says beside a photograph what should be known of it", async () => {
    now.photos = [photo({ face: suspect, advice: "The suspect may stand out." })];
    await open();
    expect(screen.get("[role=status].advice").text()).toBe("The suspect may stand out.");
  });

  it("says beside a photograph what was predicted of the face in it", async () => {
    const note = "It says nothing reliable about real people.";
    const attributes = { bundle: "b", note, predicted: [predicted("sex", { value: "male", accuracy: 0.97 })] };
    now.photos = [photo({ face: face({ kind: "photo", similarity: null, attributes }) })];
    await open();
    const about = screen.get("#panel-basic details");
    expect(about.get("summary").text()).toBe("About this face, Input");
    expect(about.get("tbody").text()).toMatch(/Sex\s*Male\s*97\s%/);
    expect(about.text()).toContain(note);
  });

  it("turns Generate results into a page of faces", async () => {
    await open();
    const queued = job();
    site.on(`POST lineups/${LINEUP}/jobs/`, (body) => {
      expect(body).toEqual({ kind: "generate", face: suspect.id, ...USUAL });
      return queued;
    });
    await press("Generate results");
    expect(button("Generate results").attributes("aria-disabled")).toBe("true");
    expect(screen.text()).toContain("Results are being generated.");

    Socket.last.say({ type: "job", job: { ...queued, sequence: 3, state: "running", stage: "generate", progress: 0.42 } });
    Socket.last.say({ type: "job", job: { ...queued, sequence: 2, state: "running", stage: "generate", progress: 0.1 } });
    await flushPromises();
    expect(screen.get(".generate progress").attributes("value")).toBe("42");

    now = { ...now, pages: [first] };
    Socket.last.say({ type: "job", job: { ...queued, sequence: 4, state: "succeeded", page: first.id } });
    await flushPromises();
    expect(faces()).toHaveLength(4);
    expect(button("Generate results").attributes("aria-disabled")).toBe("false");
    expect(screen.get("[aria-live=polite]").text()).toBe("The results are ready.");
    expect(site.count(`GET pages/${first.id}/`)).toBe(1);
  });

  it("shows the new page when another answer tells first that the job is done", async () => {
    await open();
    const queued = job();
    site.on(`POST lineups/${LINEUP}/jobs/`, () => queued);
    await press("Generate results");
    now = { ...now, pages: [first], jobs: [{ ...queued, sequence: 4, state: "succeeded", page: first.id }] };
    Socket.last.drop();
    Socket.opened.length = 0;
    await vi.waitFor(() => expect(Socket.opened).toHaveLength(1), { timeout: 2_000 });
    Socket.last.say({ type: "snapshot", jobs: now.jobs, status: READY });
    await flushPromises();
    expect(faces()).toHaveLength(4);
  });

  it("says why a job failed, in the site's words, as an alert", async () => {
    await open();
    const queued = job();
    site.on(`POST lineups/${LINEUP}/jobs/`, () => queued);
    await press("Generate results");
    Socket.last.say({ type: "job", job: { ...queued, sequence: 2, state: "failed", reason: "The worker stopped three times." } });
    await flushPromises();
    expect(screen.get("[role=alert]").text()).toContain("The worker stopped three times.");
  });

  it("asks for the next page as the site says it", async () => {
    const next = { kind: "generate" as const, face: suspect.id, similarity_page: 2 };
    now = { ...now, pages: [{ ...first, next }] };
    await open();
    site.on(`POST lineups/${LINEUP}/jobs/`, (body) => {
      expect(body).toEqual({ kind: "generate", face: suspect.id, similarity_page: 2 });
      return job();
    });
    await press("Next page (less similar)");
    expect(site.count(`POST lineups/${LINEUP}/jobs/`)).toBe(1);
  });

  it("puts a face into the inputs from its menu", async () => {
    now = { ...now, pages: [first] };
    await open();
    await choose("More similar to this");
    const bodies = requests();
    await press("Generate results");
    await choose("Select as interpolation input #1");
    expect(screen.get("#tab-interpolation").attributes("aria-selected")).toBe("true");
    expect(screen.text()).toContain("Add input 2 first.");
    await choose("Select as interpolation input #2", 1);
    await press("Generate results");
    const [one, two] = first.faces.map((each) => each.id);
    expect(bodies).toEqual([
      { kind: "generate", face: one, ...USUAL },
      { kind: "interpolate", faces: [one, two] },
    ]);
  });

  it("shows with every change that it comes from this site, by the token that counts now", async () => {
    await open();
    site.on(`POST lineups/${LINEUP}/jobs/`, () => job({ state: "cancelled" }));
    for (const token of ["one", "two"]) {
      document.cookie = `csrftoken=${token}`;
      await press("Generate results");
    }
    expect(site.tokens).toEqual(["one", "two"]);
  });

  it("keeps the photograph and says what is wrong beside it when the site refuses another one", async () => {
    await open();
    site.on(`POST lineups/${LINEUP}/photos/`, () => refuse(400, "not_an_image", "This file is not a picture."));
    const picker = screen.get<HTMLInputElement>("#panel-basic input[type=file]");
    const file = new File(["words"], "words.txt", { type: "text/plain" });
    Object.defineProperty(picker.element, "files", { value: [file], configurable: true });
    await picker.trigger("change");
    await flushPromises();
    const input = screen.get("#panel-basic");
    expect(input.get("[role=alert]").text()).toBe("This file is not a picture.");
    expect(input.findAll("img")).toHaveLength(2);
    expect(button("Generate results").attributes("aria-disabled")).toBe("false");
  });

  it("shows beside its input why a photograph could not be examined, after a reload too", async () => {
    const useless = photo();
    const failed = job({ kind: "examine", photo: useless.id, state: "failed", reason: "Two faces of equal size." });
    now = lineup({ photos: [useless], jobs: [failed] });
    await open();
    expect(screen.get("#panel-basic [role=alert]").text()).toBe("Two faces of equal size.");
    expect(button("Generate results").attributes("aria-disabled")).toBe("true");
  });

  it("opens again with the face that the last results were made from", async () => {
    const seed = first.faces[2] ?? face();
    const second = page({ number: 2, inputs: [seed.id], created: "2030-01-02T00:00:00Z" });
    now = { ...now, pages: [first, second] };
    site.on(`GET pages/${second.id}/`, () => second).on(`GET faces/${seed.id}/`, () => seed);
    await open();
    expect(screen.get("#panel-basic").findAll("img").some((one) => one.attributes("src") === seed.image)).toBe(true);
    expect(screen.text()).toContain("Page 2 of 2");
  });

  it("asks for what the officer wishes of the faces, and for the same on the pages that follow", async () => {
    await open();
    const wishes = { locks: { sex: "female", baldness: "no" }, adjust: { age: 1.5 } };
    const bodies = requests();
    const [sex, bald] = screen.findAll(".wishes select");
    await sex?.setValue("female");
    await bald?.setValue("no");
    await screen.get(".wishes input[type=range]").setValue("1.5");
    expect(screen.get(".wishes summary").text()).toBe("Steer the faces (3)");
    await press("Generate results");
    const next = { kind: "generate" as const, face: suspect.id, similarity_page: 2, ...wishes };
    now = { ...now, pages: [{ ...first, wishes, next }] };
    site.on(`GET pages/${first.id}/`, () => ({ ...first, wishes }));
    screen.unmount();
    await open();
    await press("Next page (less similar)");
    expect(bodies).toEqual([
      { kind: "generate", face: suspect.id, ...wishes },
      { kind: "generate", face: suspect.id, similarity_page: 2, ...wishes },
    ]);
  });

  it("asks for the suspect's sex unless the officer says that any will do", async () => {
    await open();
    const bodies = requests();
    expect(screen.get(".wishes summary").text()).toBe("Steer the faces (1)");
    await press("Generate results");
    await screen.get(".wishes select").setValue("");
    await press("Generate results");
    await screen.get(".wishes select").setValue("male");
    await button("Ask for nothing").trigger("click");
    await press("Generate results");
    const [asked, ...free] = bodies;
    expect(asked).toEqual({ kind: "generate", face: suspect.id, ...USUAL });
    expect(free).toEqual([{ kind: "generate", face: suspect.id }, { kind: "generate", face: suspect.id }]);
    expect(screen.get(".wishes summary").text()).toBe("Steer the faces");
  });

  it("does not hold faces to what the officer changes, unless the officer asks for that too", async () => {
    await open();
    const bodies = requests();
    const adjust = { adjust: { sex: 1 } };
    await screen.findAll(".wishes input[type=range]")[1]?.setValue("1");
    await press("Generate results");
    await screen.get(".wishes select").setValue("same");
    await press("Generate results");
    expect(bodies).toEqual([
      { kind: "generate", face: suspect.id, ...adjust },
      { kind: "generate", face: suspect.id, ...adjust, ...USUAL },
    ]);
  });

  it.each([
    ["male", 0.9, "grey", ["Suspect’s: Male", "Suspect’s: No"]],
    ["female", 0.4, "bald", ["Suspect’s: Female (unsure)", "Suspect’s: Yes"]],
    ["female", 0.9, null, ["Suspect’s: Female", "As the suspect"]],
  ])("says what is predicted of the suspect where faces are held to it: %s %d, hair %s", async (sex, confidence, hair, labels) => {
    const said = [predicted("sex", { value: sex, confidence }), ...(hair ? [predicted("hair", { value: hair })] : [])];
    const attributes = { bundle: "b", note: "", predicted: said };
    now.photos = [photo({ face: face({ kind: "photo", attributes }) })];
    await open();
    const selects = screen.findAll(".wishes select");
    expect(selects.map((select) => select.get("option[value=same]").text())).toEqual(labels);
  });

  it.each([
    ["generate", {}, null],
    ["generate", { sex: "same", age_group: "30-39", beard: "same" }, "Every face: sex, beard as the suspect; age group 30–39"],
    ["refine", { sex: "same" }, "Every face: sex as in the photograph"],
  ] as const)("says on a page what its faces were held to: %s %o", async (kind, locks, said) => {
    const steered = { ...first, kind, wishes: { locks } };
    now = { ...now, pages: [steered] };
    site.on(`GET pages/${first.id}/`, () => steered);
    await open();
    const line = screen.find(".results .held");
    expect(line.exists() ? line.text() : null).toBe(said);
  });

  it("says why a page has fewer faces than were asked for", async () => {
    const short = { ...first, note: "Only 4 of 12 faces were found." };
    now = { ...now, pages: [short] };
    site.on(`GET pages/${first.id}/`, () => short);
    await open();
    expect(screen.get(".results [role=status]").text()).toBe("Only 4 of 12 faces were found.");
  });

  it("offers to refine once there are results, and not before", async () => {
    await open();
    expect(has("Refine")).toBe(false);
    screen.unmount();
    now = { ...now, pages: [first] };
    await open();
    expect(has("Refine")).toBe(true);
  });

  it("refines for the time that was chosen, shows what is reached, and goes on generating meanwhile", async () => {
    now = { ...now, pages: [first] };
    await open();
    const queued = job({ kind: "refine", seconds: 120 });
    const asked = requests(() => queued);
    await screen.get(".refine input[type=range]").setValue("120");
    await press("Refine");
    expect(asked).toEqual([{ kind: "refine", faces: [suspect.id], seconds: 120, same_person: false, ...USUAL }]);

    const running = { ...queued, state: "running" as const, stage: "refine", progress: 0.5 };
    const preview = `/api/v1/jobs/${queued.id}/preview/?number=`;
    for (const number of [1, 2]) {
      Socket.last.say({ type: "job", job: { ...running, sequence: 1 + number, preview: preview + number } });
      await flushPromises();
      expect(screen.get(".refine img").attributes("src")).toBe(preview + number);
    }
    expect(screen.get(".refine progress").attributes("value")).toBe("50");
    expect(button("Generate results").attributes("aria-disabled")).toBe("false");
    expect(button("Save lineup").attributes("aria-disabled")).toBe("true");
  });

  it("ends a refinement early by its own button, once", async () => {
    const running = job({ kind: "refine", state: "running", stage: "refine", sequence: 3 });
    now = { ...now, pages: [first], jobs: [running] };
    await open();
    site.on(`POST jobs/${running.id}/stop/`, () => ({ ...running, sequence: 4, stop_requested: true }));
    await press("Stop and keep");
    expect(screen.get(".refine .words").text()).toContain("keeping what was reached");
    expect(button("Stop and keep").attributes("aria-disabled")).toBe("true");
    await button("Stop and keep").trigger("click");
    expect(site.count(`POST jobs/${running.id}/stop/`)).toBe(1);
  });

  it("refines two photographs as of two people or of one, as the officer says", async () => {
    const other = face({ kind: "photo", similarity: null });
    now = { ...now, pages: [first], photos: [examined, photo({ slot: 2, face: other })] };
    await open();
    const asked = requests(() => job({ kind: "refine", state: "cancelled" }));
    for (const choice of ["both", "same"]) {
      await screen.get(`.refine input[value=${choice}]`).trigger("change");
      await press("Refine");
    }
    expect(asked).toEqual([
      { kind: "refine", faces: [suspect.id, other.id], seconds: 60, same_person: false, ...USUAL },
      { kind: "refine", faces: [suspect.id, other.id], seconds: 60, same_person: true, ...USUAL },
    ]);
  });

  it("goes on from the reconstruction on the page after a refined one", async () => {
    const refined = page({ kind: "refine", inputs: [suspect.id] });
    const next = { kind: "generate" as const, face: refined.faces[0]?.id ?? "", similarity_page: 2 };
    now = { ...now, pages: [{ ...refined, next }] };
    site.on(`GET pages/${refined.id}/`, () => refined);
    await open();
    site.on(`POST lineups/${LINEUP}/jobs/`, (body) => {
      expect(body).toEqual({ kind: "generate", face: refined.faces[0]?.id, similarity_page: 2 });
      return job({ state: "cancelled" });
    });
    await press("Next page (less similar)");
    expect(site.count(`POST lineups/${LINEUP}/jobs/`)).toBe(1);
  });

  it("has no control to edit with for a reader", async () => {
    now = { ...now, pages: [first], can: { edit: false } };
    await open();
    for (const label of ["Generate results", "Save lineup", "Next page (less similar)", "Choose", "Replace", "Remove", "×", "Refine"]) {
      expect(has(label), label).toBe(false);
    }
    expect(screen.findAll("input, select")).toHaveLength(0);
    await faces()[0]?.trigger("click");
    expect(screen.findAll("[role=menuitem]").map((one) => one.text())).toEqual(["Close"]);
  });

  it("tells an officer who was signed out elsewhere how to go on", async () => {
    await open();
    Socket.last.drop(4401);
    await flushPromises();
    expect(screen.get("[role=alert] a").attributes("href")).toMatch(/^\/accounts\/sign-in\/\?next=/);
    expect(button("Generate results").attributes("aria-disabled")).toBe("true");
  });

  it("moves through the faces by arrow keys with one stop for Tab", async () => {
    now = { ...now, pages: [first] };
    await open();
    const stops = () => faces().map((one) => one.attributes("tabindex"));
    expect(stops()).toEqual(["0", "-1", "-1", "-1"]);
    await screen.get(".grid").trigger("keydown", { key: "ArrowRight" });
    expect(stops()).toEqual(["-1", "0", "-1", "-1"]);
    expect(document.activeElement).toBe(faces()[1]?.element);
    await screen.get(".grid").trigger("keydown", { key: "End" });
    expect(stops()).toEqual(["-1", "-1", "-1", "0"]);
  });
});
