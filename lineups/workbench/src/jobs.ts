import { computed, shallowReactive } from "vue";
import type { Job, Uuid } from "./types";

const STAGES: Record<string, string> = {
  load: "Starting",
  detect: "Looking for the face",
  crop: "Cutting out the face",
  encode: "Encoding the face",
  refine: "Refining",
  generate: "Generating faces",
  interpolate: "Generating faces",
  render: "Generating faces",
  describe: "Describing the faces",
  save: "Saving",
  read: "Looking at the pictures",
  even: "Evening the pictures out",
};

const WORK: Record<Job["kind"], string> = {
  examine: "Examining the photograph",
  generate: "Generating faces",
  interpolate: "Generating faces",
  refine: "Generating faces",
  prepare: "Preparing the pictures",
};

export const isUnfinished = (job: Job): boolean => job.state === "queued" || job.state === "running";
export const makesPage = (job: Job): boolean => job.kind !== "examine" && job.kind !== "prepare";
const isRefinement = (job: Job): boolean => job.kind === "refine";

/** What the job is doing, in words for the screen. */
export function describe(job: Job): string {
  if (job.cancel_requested && isUnfinished(job)) return "Cancelling";
  if (job.stop_requested && job.state === "running" && job.stage === "refine") return "Ending, and keeping what was reached";
  if (job.state === "queued") {
    const before = (job.queue_position ?? 1) - 1;
    return before > 0 ? `Waiting in the queue, ${before} before it` : "Waiting for a worker";
  }
  return STAGES[job.stage] ?? WORK[job.kind];
}

export const percent = (job: Job): number => Math.round(100 * Math.min(1, Math.max(0, job.progress)));

/** The newest known state of each job of a lineup. News may come twice or late: by socket, by polling, by answer. */
export class JobTable {
  private readonly jobs = shallowReactive(new Map<Uuid, Job>());

  readonly unfinished = computed(() => [...this.jobs.values()].filter(isUnfinished));
  /** The job that is making a page of results, if any. */
  readonly running = computed(() => this.unfinished.value.find((job) => makesPage(job) && !isRefinement(job)) ?? null);
  /** The refinement that goes on beside it, if any. */
  readonly refining = computed(() => this.unfinished.value.find(isRefinement) ?? null);

  /** The job that prepares the members' pictures, if any. */
  readonly preparing = computed(() => this.unfinished.value.find((job) => job.kind === "prepare") ?? null);

  get(id: Uuid): Job | undefined {
    return this.jobs.get(id);
  }

  /** The newest examine job of a photograph. */
  examining(photo: Uuid): Job | undefined {
    return [...this.jobs.values()]
      .filter((job) => job.kind === "examine" && job.photo === photo)
      .sort((a, b) => b.created.localeCompare(a.created))[0];
  }

  /** Take `job` in. Returns what was known before and whether this is news; older numbers are dropped. */
  apply(job: Job): { news: boolean; before: Job | undefined } {
    const before = this.jobs.get(job.id);
    if (before && job.sequence <= before.sequence) return { news: false, before };
    this.jobs.set(job.id, job);
    return { news: true, before };
  }
}
