import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, describe, expect, it, vi } from "vitest";
import { Api } from "../src/api";
import NewLineup from "../src/components/NewLineup.vue";
import { Site, refuse } from "./site";

describe("a new lineup", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("shows at each field what is wrong with it and puts the focus there", async () => {
    new Site().on("POST lineups/", () =>
      refuse(400, "invalid", "Some fields need another look.", { title: ["Give the lineup a title."] }),
    );
    const form = mount(NewLineup, { attachTo: document.body, props: { api: new Api() } });
    await form.get("#case_reference").setValue("C-77");
    await form.get("form").trigger("submit");
    await flushPromises();
    await vi.waitFor(() => expect(document.activeElement?.id).toBe("title"));
    expect(form.get("#title-wrong").text()).toBe("Give the lineup a title.");
    expect(form.get<HTMLInputElement>("#case_reference").element.value).toBe("C-77");
    form.unmount();
  });
});
