import type {
  Export, Face, Job, JobRequest, Lineup, LineupDetail, Listed, Me, Member, Page, Photo, Readiness, Slot, Source, Uuid,
} from "./types";

/** A request that the site refused or that did not reach it. `message` is one plain sentence for the screen. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status; 0 when the site was not reached. */
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly fields: Record<string, string[]> = {},
  ) {
    super(detail);
  }

  get signedOut(): boolean {
    return this.status === 401 || this.code === "not_authenticated";
  }
}

const UNREACHED = "The site cannot be reached. Check the connection and try again.";

/** The REST API, typed. Every method rejects with `ApiError`. */
export class Api {
  constructor(private readonly root = "/api/v1/") {}

  me = (): Promise<Me> => this.get("me/");
  status = (): Promise<Readiness> => this.get("status/");

  lineups(query: { search: string; page: number }): Promise<Listed<Lineup>> {
    const parameters = new URLSearchParams({ page: String(query.page) });
    if (query.search) parameters.set("search", query.search);
    return this.get(`lineups/?${parameters}`);
  }

  createLineup = (fields: { case_reference: string; title: string }): Promise<Lineup> =>
    this.post("lineups/", fields);
  lineup = (id: Uuid): Promise<LineupDetail> => this.get(`lineups/${id}/`);
  save = (lineup: Uuid): Promise<Export> => this.post(`lineups/${lineup}/save/`);

  uploadPhoto(lineup: Uuid, file: File, slot: Slot, source: Source | null = null): Promise<{ photo: Photo; job: Job }> {
    const form = new FormData();
    if (source) form.set("source", source);
    form.set("slot", String(slot));
    form.set("file", file);
    return this.post(`lineups/${lineup}/photos/`, form);
  }

  /** Have a photograph examined once more, for another source. */
  examineAgain = (photo: Uuid, source: Source): Promise<{ photo: Photo; job: Job }> => this.post(`photos/${photo}/again/`, { source });
  removePhoto = (id: Uuid): Promise<void> => this.send("DELETE", `photos/${id}/`);

  startJob = (lineup: Uuid, request: JobRequest): Promise<Job> => this.post(`lineups/${lineup}/jobs/`, request);
  job = (id: Uuid): Promise<Job> => this.get(`jobs/${id}/`);
  stopJob = (id: Uuid): Promise<Job> => this.post(`jobs/${id}/stop/`);
  cancelJob = (id: Uuid): Promise<Job> => this.post(`jobs/${id}/cancel/`);

  page = (id: Uuid): Promise<Page> => this.get(`pages/${id}/`);
  faceImage = (id: Uuid): string => `${this.root}faces/${id}/image/`;
  face = (id: Uuid): Promise<Face> => this.get(`faces/${id}/`);

  /** What an officer says of the person on a photograph; null takes it back. */
  state = (face: Uuid, name: string, value: string | null): Promise<Face> => this.post(`faces/${face}/statements/`, { name, value });

  addMember = (lineup: Uuid, face: Uuid, reason = ""): Promise<Member> =>
    this.post(`lineups/${lineup}/members/`, reason ? { face, reason } : { face });
  removeMember = (id: Uuid): Promise<void> => this.send("DELETE", `members/${id}/`);

  private get<Answer>(path: string): Promise<Answer> {
    return this.send("GET", path);
  }

  private post<Answer>(path: string, body?: object): Promise<Answer> {
    return this.send("POST", path, body);
  }

  private async send<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRFToken"] = csrfToken();
    if (body && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
    const request: RequestInit = { method, headers, credentials: "same-origin" };
    if (body) request.body = body instanceof FormData ? body : JSON.stringify(body);

    const response = await fetch(this.root + path, request).catch((cause: unknown) => {
      if (cause instanceof TypeError) throw new ApiError(0, "not_reached", UNREACHED);
      throw cause;
    });
    if (!response.ok) throw await refusal(response);
    return (response.status === 204 ? undefined : await response.json()) as Answer;
  }
}

/** Read anew each time: signing in again, in another tab, changes it. */
function csrfToken(): string {
  return /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

async function refusal(response: Response): Promise<ApiError> {
  const isJson = response.headers.get("Content-Type")?.includes("json") ?? false;
  const body: unknown = isJson ? await response.json() : null;
  const { code, detail, fields } = (body ?? {}) as { code?: string; detail?: string; fields?: Record<string, string[]> };
  return new ApiError(
    response.status,
    code ?? `http_${response.status}`,
    detail ?? `The site answered with error ${response.status}. Try again; tell the administrator if it stays.`,
    fields,
  );
}
