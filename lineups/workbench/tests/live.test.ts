import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Api } from "../src/api";
import { Live } from "../src/live";
import type { Job, Uuid } from "../src/types";
import { LINEUP, job } from "./material";
import { Site, Socket, refuse } from "./site";

const READY = { ready: true, reason: null };

describe("news of jobs", () => {
  let site: Site;
  let live: Live;
  let unfinished: Uuid[];
  const heard: Job[] = [];
  const states: string[] = [];
  const resync = vi.fn();

  beforeEach(() => {
    vi.useFakeTimers();
    Socket.install();
    site = new Site().on("GET status/", () => READY);
    unfinished = [];
    heard.length = states.length = 0;
    resync.mockClear();
    live = new Live(LINEUP, new Api(), {
      job: (one) => heard.push(one),
      status: () => undefined,
      connection: (state) => states.push(state),
      resync,
      unfinished: () => unfinished,
    });
    live.start();
  });

  afterEach(() => {
    live.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const snapshot = (...jobs: Job[]): void => Socket.last.say({ type: "snapshot", jobs, status: READY });

  it("comes over the socket of this lineup", () => {
    snapshot();
    const running = job({ state: "running" });
    Socket.last.say({ type: "job", job: running });

    expect(Socket.last.url).toMatch(new RegExp(`^ws://.+/ws/lineups/${LINEUP}/$`));
    expect(states).toEqual(["live"]);
    expect(heard).toEqual([running]);
  });

  it("is asked for while the socket is down, and no longer when it is back", async () => {
    const running = job({ state: "running" });
    site.on(`GET jobs/${running.id}/`, () => running);
    unfinished = [running.id];
    snapshot();
    Socket.last.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).toEqual([running]);

    snapshot();
    const before = site.asked.length;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(site.asked.length).toBe(before);
    expect(states).toEqual(["live", "polling", "live"]);
  });

  it("is asked for when an open socket falls silent during a job", async () => {
    const running = job({ state: "running" });
    site.on(`GET jobs/${running.id}/`, () => running);
    unfinished = [running.id];
    snapshot();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(heard).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(heard[0]).toEqual(running);
  });

  it("goes on after an answer that failed", async () => {
    const running = job({ state: "running" });
    unfinished = [running.id];
    site.on(`GET jobs/${running.id}/`, () => refuse(502, "bad_gateway", "Away."));
    Socket.last.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    site.on(`GET jobs/${running.id}/`, () => running);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(heard).toEqual([running]);
  });

  it("tries the socket again, each time after a longer wait, and at most every 20 seconds", async () => {
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      const opened = Socket.opened.length;
      Socket.last.drop();
      let waited = 0;
      while (Socket.opened.length === opened) {
        await vi.advanceTimersByTimeAsync(100);
        waited += 100;
      }
      waits.push(waited);
    }
    expect(waits[0]).toBeLessThan(800);
    expect(waits[3]).toBeGreaterThan(waits[0] ?? 0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(20_000);
  });

  it("has everything read again after a break, but not at the start", async () => {
    snapshot();
    expect(resync).not.toHaveBeenCalled();
    Socket.last.drop();
    await vi.advanceTimersByTimeAsync(1_000);
    snapshot();
    expect(resync).toHaveBeenCalledOnce();
  });

  it.each([
    [4401, "signed-out"],
    [4404, "gone"],
  ])("ends for good when the site closes with %i", async (code, state) => {
    snapshot();
    Socket.last.drop(code);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe(state);
    expect(Socket.opened).toHaveLength(1);
    expect(site.asked).toEqual([]);
  });
});
