import { computed, reactive } from "vue";
import { isUnfinished } from "./jobs";
import type { JobTable } from "./jobs";
import type { Face, LineupDetail, Photo, Slot } from "./types";

export type Scenario = "basic" | "interpolation";
/** A place for an input: the one of Basic, the two of Interpolation. */
export type InputName = "basic" | "first" | "second";

export type InputState =
  | { kind: "empty"; name: string }
  | { kind: "uploading"; photo: Photo | null }
  | { kind: "examining"; photo: Photo }
  | { kind: "failed"; photo: Photo; reason: string }
  | { kind: "ready"; face: Face; photo: Photo | null };

/** The photograph that stands in an input unless a generated face was put there. */
export const SLOTS: Record<InputName, Slot> = { basic: 1, first: 1, second: 2 };

const NAMES: Record<InputName, string> = {
  basic: "the suspect’s photograph",
  first: "input 1",
  second: "input 2",
};

export class Inputs {
  /** Generated faces that the officer put in place of a photograph. */
  readonly chosen = reactive<Record<InputName, Face | null>>({ basic: null, first: null, second: null });
  /** What was wrong with the last thing put in each slot; stays until the next try. */
  readonly problems = reactive<Record<Slot, string | null>>({ 1: null, 2: null });
  readonly uploading = reactive<Record<Slot, boolean>>({ 1: false, 2: false });

  constructor(
    private readonly lineup: () => LineupDetail | null,
    private readonly jobs: JobTable,
  ) {}

  readonly basic = computed(() => this.state("basic"));
  readonly first = computed(() => this.state("first"));
  readonly second = computed(() => this.state("second"));

  of(scenario: Scenario): InputState[] {
    return scenario === "basic" ? [this.basic.value] : [this.first.value, this.second.value];
  }

  /** The photograph of a slot: of each the site tells the newest. */
  photo(slot: Slot): Photo | null {
    return this.lineup()?.photos.find((photo) => photo.slot === slot) ?? null;
  }

  /** What stands in a slot whatever generated face was put in its place. */
  photograph(slot: Slot): InputState {
    return this.stateOf(slot, slot === 1 ? NAMES.basic : NAMES.second);
  }

  private state(name: InputName): InputState {
    const face = this.chosen[name];
    if (face && !this.uploading[SLOTS[name]]) return { kind: "ready", face, photo: null };
    return this.stateOf(SLOTS[name], NAMES[name]);
  }

  private stateOf(slot: Slot, name: string): InputState {
    const photo = this.photo(slot);
    if (this.uploading[slot]) return { kind: "uploading", photo };
    if (!photo) return { kind: "empty", name };
    if (photo.face) return { kind: "ready", face: photo.face, photo };
    const job = this.jobs.examining(photo.id);
    if (job && (isUnfinished(job) || job.state === "succeeded")) return { kind: "examining", photo };
    return { kind: "failed", photo, reason: job?.reason || "The photograph was not examined. Add it again." };
  }
}
