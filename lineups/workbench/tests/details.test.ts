import { mount } from "@vue/test-utils";
import { describe, expect, it } from "vitest";
import FaceDetails from "../src/components/FaceDetails.vue";
import { right, value } from "../src/predictions";
import type { Predicted } from "../src/types";
import { face, predicted } from "./material";

const NOTE = "Judged by a model. It says nothing reliable about real people.";

describe("the details of a face", () => {
  const details = (predictions: Predicted[] | null) => {
    const attributes = predictions && { bundle: "b", note: NOTE, predicted: predictions };
    return mount(FaceDetails, { props: { face: face({ attributes }), name: "Face 1" } });
  };

  it("say what was predicted, and how often each prediction is right", () => {
    const shown = details([
      predicted("sex", { value: "female", accuracy: 0.975 }),
      predicted("age_group", { value: "30-39", accuracy: 0.6, near: 0.9 }),
      predicted("ethnicity", { value: "middle_eastern", accuracy: null }),
    ]);
    const rows = shown.findAll("tbody tr").map((row) => row.findAll("th, td").map((cell) => cell.text()));
    expect(rows).toEqual([
      ["Sex", "Female", "97\u00a0%"],
      ["Age group", "30–39", "60\u00a0%"],
      ["Age group", "or next to it", "90\u00a0%"],
      ["Ethnicity", "Middle Eastern", "not measured"],
    ]);
  });

  it("list what is there and what is not, each with how often that is right", () => {
    const shown = details([
      predicted("beard"),
      predicted("receding_hairline", { accuracy: 0.8 }),
      predicted("moustache", { value: false }),
    ]);
    expect(shown.text()).toContain("beard 96\u00a0%, receding hairline 80\u00a0%");
    expect(shown.get("tbody tr:last-child").text()).toMatch(/^No\s*moustache 96\u00a0%$/);
  });

  it("say which model made the face, how it was refined and computed, and how real it looks", () => {
    const arithmetic = { runtime: "openvino", version: "2026.4.1", precision: "float32" };
    const summary = { bundle: "abcdef0123456789", noise_seed: 0, refinement: "fedcba9876543210", arithmetic };
    const made = face({ realism: 0.756, similarity: 0.5, recipe_summary: summary });
    const shown = mount(FaceDetails, { props: { face: made, name: "Face 1" } });
    const facts = shown.findAll("dl > *").map((one) => one.text());
    expect(facts.slice(0, 8)).toEqual([
      "Similarity to the input", "0.50", "Realism, of 1", "0.76", "Made by", "model abcdef01, refined fedcba98",
      "Computed by", "openvino 2026.4.1, float32",
    ]);
  });

  it("say what the predictions are worth, in the site's words", () => {
    expect(details([predicted("beard")]).text()).toContain(NOTE);
  });

  it("say so when the model predicts nothing", () => {
    const shown = details(null);
    expect(shown.text()).toContain("not predicted by this model");
    expect(shown.find("table").exists()).toBe(false);
  });
});

describe("a prediction", () => {
  it("is marked when the model itself holds it less likely than not", () => {
    expect(value(predicted("age_group", { value: "20-29", confidence: 0.49 }))).toBe("20–29 (unsure)");
    expect(value(predicted("age_group", { value: "20-29", confidence: 0.5 }))).toBe("20–29");
  });

  it("never reads as always right because of rounding", () => {
    expect(right(predicted("sex", { accuracy: 0.999 }))).toBe("99\u00a0%");
    expect(right(predicted("sex", { accuracy: 0.29 }))).toBe("29\u00a0%");
    expect(right(predicted("sex", { accuracy: 1 }))).toBe("100\u00a0%");
  });
});
