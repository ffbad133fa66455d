import { describe, expect, it } from "vitest";
import { JobTable, describe as words, percent } from "../src/jobs";
import { milestone } from "../src/milestones";
import { job } from "./material";

describe("the newest state of a job", () => {
  it("is not overwritten by news that comes late or twice", () => {
    const table = new JobTable();
    const running = job({ state: "running", sequence: 5, progress: 0.5 });
    table.apply(running);

    expect(table.apply({ ...running, sequence: 4, progress: 0.2 }).news).toBe(false);
    expect(table.apply({ ...running, progress: 0.9 }).news).toBe(false);
    expect(table.get(running.id)?.progress).toBe(0.5);
    expect(table.apply({ ...running, sequence: 6, progress: 0.9 }).news).toBe(true);
    expect(table.get(running.id)?.progress).toBe(0.9);
  });

  it("ends the wait when the job has ended", () => {
    const table = new JobTable();
    const running = job({ state: "running" });
    table.apply(running);
    expect(table.running.value?.id).toBe(running.id);
    table.apply({ ...running, sequence: 2, state: "succeeded" });
    expect(table.running.value).toBeNull();
  });

  it("does not take an examination for a page of results", () => {
    const table = new JobTable();
    table.apply(job({ kind: "examine", state: "running" }));
    expect(table.running.value).toBeNull();
    expect(table.unfinished.value).toHaveLength(1);
  });

  it("is put into words", () => {
    expect(words(job({ queue_position: 1 }))).toBe("Waiting for a worker");
    expect(words(job({ queue_position: 3 }))).toBe("Waiting in the queue, 2 before it");
    expect(words(job({ state: "running", stage: "encode" }))).toBe("Encoding the face");
    expect(words(job({ state: "running", cancel_requested: true }))).toBe("Cancelling");
    expect(percent(job({ progress: 1.2 }))).toBe(100);
  });
});

describe("a screen reader", () => {
  it("hears the turns of a job and the quarters on the way, not every step", () => {
    const steps = [0, 0.1, 0.2, 0.26, 0.3, 0.49, 0.51, 0.6, 0.8, 0.9].map((progress, sequence) =>
      job({ state: "running", progress, sequence }),
    );
    const heard = steps.map((now, index) => milestone(steps[index - 1], now)).filter(Boolean);
    expect(heard).toEqual([
      "Generating results: started.",
      "Generating results: 25 percent.",
      "Generating results: 50 percent.",
      "Generating results: 75 percent.",
    ]);
  });
});
