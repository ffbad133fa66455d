import { percent } from "./jobs";
import type { Job, JobKind } from "./types";

const WORK: Record<JobKind, string> = {
  examine: "Examining the photograph",
  generate: "Generating results",
  interpolate: "Generating results",
  refine: "Refining",
  prepare: "Preparing the pictures",
};
const DONE: Record<JobKind, string> = {
  examine: "The photograph has been examined.",
  generate: "The results are ready.",
  interpolate: "The results are ready.",
  refine: "The results are ready.",
  prepare: "The pictures have been prepared.",
};
const QUARTERS = [25, 50, 75];

/** What a screen reader is told about a job: its turns and the quarters on the way, not every step. Null: nothing. */
export function milestone(before: Job | undefined, now: Job): string | null {
  const work = WORK[now.kind];
  if (now.state !== before?.state) {
    switch (now.state) {
      case "queued":
        return `${work}: waiting for a worker.`;
      case "running":
        return `${work}: started.`;
      case "succeeded":
        return DONE[now.kind];
      case "cancelled":
        return `${work}: cancelled.`;
      case "failed":
        return null; // Said by an alert.
    }
  }
  const passed = QUARTERS.findLast((quarter) => (before ? percent(before) : 0) < quarter && percent(now) >= quarter);
  return passed ? `${work}: ${passed} percent.` : null;
}
