/** What the REST API under /api/v1/ and the websocket say, as they say it. */

export type Uuid = string;
export type Slot = 1 | 2;

export interface Person {
  id: number | Uuid;
  username: string;
  full_name: string;
}

export interface Unit {
  id: number | Uuid;
  name: string;
}

export interface Me extends Person {
  role: "officer" | "supervisor" | "admin";
  unit: Unit | null;
  can: { create_lineups: boolean };
}

/** Whether photographs can be refined now, and for how long. */
export interface Refining {
  ready: boolean;
  reason: string | null;
  least_seconds: number;
  most_seconds: number;
}

/** An attribute that the faces of a page can be held to. */
export interface Lock {
  name: string;
  values: string[];
  /** Asked for where the officer chooses nothing; null: any value. */
  usual: string | null;
}

/** What the faces of a bundle or gallery may be used for, as it says itself. */
export interface Fitness {
  casework: boolean;
  figures: Record<string, number>;
}

/** Where faces come from: photographic people who do not exist, or the generator. */
export type Source = "gallery" | "generator";

/** What may be asked of the faces of one source. */
export interface Capabilities {
  source: Source;
  locks: Lock[];
  /** Directions in which a face can be changed, such as age. */
  adjustments: string[];
  fitness: Fitness;
}

/** The same of the default source, and of the others that there are. */
export interface Abilities extends Capabilities {
  others: Capabilities[];
}

export interface Readiness {
  ready: boolean;
  reason: string | null;
  refining: Refining;
  /** Whether all that is in use is fit for casework. */
  casework: boolean;
  abilities: Abilities;
}

export type JobState = "queued" | "running" | "succeeded" | "failed" | "cancelled";
export type JobKind = "examine" | "generate" | "interpolate" | "refine" | "prepare";

export interface Job {
  id: Uuid;
  lineup: Uuid;
  kind: JobKind;
  state: JobState;
  /** Grows with every visible change; what arrives with a number not above the last one is old news. */
  sequence: number;
  /** 0 to 1. */
  progress: number;
  stage: string;
  reason: string;
  reason_code: string;
  created: string;
  started: string | null;
  finished: string | null;
  page: Uuid | null;
  /** The photograph that an examine job looks at. */
  photo: Uuid | null;
  cancel_requested: boolean;
  /** 1 is next; null when it is not waiting. */
  queue_position: number | null;
  /** A refinement is to end early and keep what it has reached. */
  stop_requested: boolean;
  /** What a running refinement has reached: a new address with each new picture. */
  preview: string | null;
  /** How long a refinement may take. */
  seconds: number | null;
}

/** What an officer said of one attribute. */
export interface Stated {
  value: string;
  by: string;
  at: string;
}

/** What computed a face; null of a face that was kept before recipes said so. */
export interface Arithmetic {
  runtime: string;
  version: string;
  precision: string;
}

/** One attribute of a face, as a model judges it. */
export interface Predicted {
  name: string;
  /** Null: the model could not tell. */
  value: string | boolean | null;
  /** What an officer said instead; it counts before the model's. */
  stated: Stated | null;
  /** How sure the model is, 0 to 1; no measure of truth. */
  confidence: number;
  /** Share that was right when it was measured; null where it was not. */
  accuracy: number | null;
  /** Share that was right or next to it, where values have an order. */
  near: number | null;
  measured: number | null;
  measured_on: string | null;
  real_people: boolean;
}

export interface Attributes {
  bundle: string;
  /** What must be known of the predictions, in plain sentences. */
  note: string;
  predicted: Predicted[];
}

export interface Face {
  id: Uuid;
  kind: "photo" | "synthetic";
  /** Who made it, or as whose faces it is framed. */
  source: Source;
  position: number;
  page: Uuid | null;
  image: string;
  /** Cosine similarity to the input, 1 = the same; null where it was not measured. */
  similarity: number | null;
  /** 0 to 1, as the discriminator judges it; null where it was not asked. */
  realism: number | null;
  sha256: string;
  width: number;
  height: number;
  recipe_summary: {
    bundle: string;
    noise_seed: number | null;
    refinement: string | null;
    arithmetic: Arithmetic | null;
  };
  /** Null where the model that it was made or encoded with predicts none. */
  attributes: Attributes | null;
}

export interface Photo {
  id: Uuid;
  slot: Slot;
  width: number;
  height: number;
  sha256: string;
  image: string;
  face: Face | null;
  advice: string | null;
  created: string;
}

export interface Member {
  id: Uuid;
  face: Face;
  role: "suspect" | "filler";
  position: number;
  /** Why it stands beside faces of another source; else empty. */
  reason: string;
}

/** What is asked of the faces of a page beyond being like the input. */
export interface FaceConstraints {
  locks?: Record<string, string>;
  distance?: number;
  adjust?: Record<string, number>;
}

interface PageFields {
  id: Uuid;
  number: number;
  kind: "generate" | "interpolate" | "refine";
  /** 1 = the page nearest to its input; each further one is less similar. */
  similarity_rank: number;
  mean_similarity: number | null;
  inputs: Uuid[];
  job: Uuid;
  created: string;
  wishes: FaceConstraints;
  /** Where fewer faces were found than asked for: how many, and why. */
  note: string | null;
}

/** A request for a page, as jobs take it. */
export type PageRequest = { kind: "generate"; face: Uuid; similarity_page?: number } & FaceConstraints;

export interface PageBrief extends PageFields {
  /** What asks for a less similar page; null where none follows. */
  next: PageRequest | null;
}

export interface Page extends PageFields {
  faces: Face[];
}

export interface Export {
  id: Uuid;
  image: string;
  /** The record for the case file. */
  document: string;
  /** What the picture says of what it may be used for; null: fit for casework. */
  mark: string | null;
  order: Uuid[];
  /** 1-based. */
  suspect_position: number;
  sha256: string;
  created: string;
}

/** The suspect's picture in one aspect. */
export interface Aspect {
  name: string;
  /** 1 is the furthest from the others. */
  rank: number;
  /** In units of the usual spread. */
  distance: number;
}

/** Whether the suspect's picture stands out: a check of appearance, of nothing else. */
export interface Appearance {
  sentence: string;
  rank: number;
  size: number;
  plainly: string[];
  aspects: Aspect[];
}

/** The members' pictures as a witness will see them. */
export interface Preparation {
  id: Uuid;
  evened: boolean;
  /** Why they were not evened out; else empty. */
  reason: string;
  appearance: Appearance | null;
  created: string;
}

export interface Lineup {
  id: Uuid;
  case_reference: string;
  title: string;
  state: "draft" | "saved";
  owner: Person;
  unit: Unit | null;
  created: string;
  updated: string;
  saved_at: string | null;
  can: { edit: boolean };
  member_count: number;
}

export interface LineupDetail extends Lineup {
  photos: Photo[];
  members: Member[];
  pages: PageBrief[];
  jobs: Job[];
  /** Of the members as they are now. */
  preparation: Preparation | null;
  export: Export | null;
}

export interface Listed<Item> {
  count: number;
  next: string | null;
  previous: string | null;
  results: Item[];
}

export type JobRequest =
  | PageRequest
  | { kind: "interpolate"; faces: [Uuid, Uuid]; steps?: number }
  | { kind: "prepare"; even: boolean; reason?: string }
  | { kind: "refine"; faces: Uuid[]; seconds: number; same_person?: boolean; locks?: Record<string, string> };

export type LiveMessage =
  | { type: "snapshot"; jobs: Job[]; status: Readiness }
  | { type: "job"; job: Job }
  | { type: "status"; status: Readiness };
