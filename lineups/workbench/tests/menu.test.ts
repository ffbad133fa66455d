import { mount } from "@vue/test-utils";
import type { VueWrapper } from "@vue/test-utils";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import FaceTile from "../src/components/FaceTile.vue";
import { face } from "./material";

describe("the menu of a face", () => {
  const select = vi.fn();
  const more = vi.fn();
  let tile: VueWrapper;

  beforeEach(async () => {
    select.mockClear();
    more.mockClear();
    tile = mount(FaceTile, {
      attachTo: document.body,
      props: {
        face: face({ similarity: 0.876 }),
        name: "Face 1 of page 1",
        choices: [{ label: "Select", run: select }, { label: "More similar to this", run: more }, { label: "Cancel" }],
      },
    });
    await tile.get("button.tile").trigger("click");
    await vi.waitFor(() => expect(focused()).toBe("Select"));
  });

  afterEach(() => tile.unmount());

  const focused = (): string | null => document.activeElement?.textContent ?? null;
  const press = (key: string) => tile.get(".menu").trigger("keydown", { key });
  const isOpen = (): boolean => tile.find("[role=menu]").exists();
  const onFace = (): boolean => document.activeElement === tile.get("button.tile").element;

  it("opens on its first choice and says how similar the face is", () => {
    expect(tile.get("button.tile").attributes("aria-expanded")).toBe("true");
    expect(tile.get(".details").text()).toContain("0.88");
  });

  it("is walked by the arrow keys, round the ends", async () => {
    await press("ArrowDown");
    expect(focused()).toBe("More similar to this");
    await press("End");
    expect(focused()).toBe("Cancel");
    await press("ArrowDown");
    expect(focused()).toBe("Select");
    await press("ArrowUp");
    expect(focused()).toBe("Cancel");
  });

  it.each(["Escape", "Tab"])("closes on %s without doing anything, and the focus returns to the face", async (key) => {
    await press(key);
    await vi.waitFor(() => expect(onFace()).toBe(true));
    expect(isOpen()).toBe(false);
    expect(select).not.toHaveBeenCalled();
  });

  it("does what was chosen, once, and the focus returns to the face", async () => {
    await tile.findAll("[role=menuitem]")[1]?.trigger("click");
    await vi.waitFor(() => expect(onFace()).toBe(true));
    expect(more).toHaveBeenCalledOnce();
    expect(isOpen()).toBe(false);
  });

  it("closes on a click elsewhere", async () => {
    document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    await vi.waitFor(() => expect(isOpen()).toBe(false));
  });

  it("closes when its face is clicked again", async () => {
    tile.get("button.tile").element.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    await tile.get("button.tile").trigger("click");
    expect(isOpen()).toBe(false);
  });

  it("offers Cancel, which only closes", async () => {
    await tile.findAll("[role=menuitem]")[2]?.trigger("click");
    await vi.waitFor(() => expect(isOpen()).toBe(false));
    expect(select).not.toHaveBeenCalled();
    expect(more).not.toHaveBeenCalled();
  });
});

describe("where the menu of a face opens", () => {
  const MENU = 300;
  const places: Record<string, Partial<DOMRect>> = {};

  /** The face's upper edge, and the menu's lower edge where it opens below. */
  async function opened(above: number): Promise<VueWrapper> {
    places.menu = { height: MENU, bottom: window.innerHeight + 1 };
    places.tile = { top: above };
    const tile = mount(FaceTile, {
      attachTo: document.body,
      props: { face: face({}), name: "Face 1 of page 1", choices: [{ label: "Cancel" }] },
    });
    await tile.get("button.tile").trigger("click");
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe("Cancel"));
    return tile;
  }

  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockImplementation(function (this: HTMLElement) {
      const place = this.id === "mark" ? places.mark : this.classList.contains("menu") ? places.menu : places.tile;
      return { top: 0, bottom: 0, left: 0, right: 0, height: 0, ...place } as DOMRect;
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
    document.body.innerHTML = "";
    delete places.mark;
  });

  it("is above the face where there is room above only", async () => {
    const tile = await opened(MENU + 20);
    expect(tile.get(".menu").classes()).toContain("upwards");
    tile.unmount();
  });

  it("is not above the face where the mark would lie over it", async () => {
    document.body.innerHTML = '<section id="mark"></section>';
    places.mark = { bottom: 33 };
    const tile = await opened(MENU + 20);
    expect(tile.get(".menu").classes()).not.toContain("upwards");
    tile.unmount();
  });
});
