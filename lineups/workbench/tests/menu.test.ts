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
