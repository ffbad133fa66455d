import type { Api } from "./api";
import { ApiError } from "./api";
import type { Job, LiveMessage, Readiness, Uuid } from "./types";

export type Connection = "connecting" | "live" | "polling" | "signed-out" | "gone";

export interface LiveEvents {
  job(job: Job): void;
  status(status: Readiness): void;
  connection(state: Connection): void;
  /** The socket is back after a break: whatever happened meanwhile has to be read again. */
  resync(): void;
  /** Jobs to ask about while the socket is silent. */
  unfinished(): Uuid[];
}

const POLL_MS = 1_000;
const STATUS_EVERY = 5;
/** A socket may be dead without having been closed: after so long without news of a running job, ask. */
const SILENCE_MS = 5_000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const SIGNED_OUT = 4401;
const NOT_YOURS = 4404;

/** News of one lineup's jobs over a websocket, and by asking while there is none. */
export class Live {
  private socket: WebSocket | null = null;
  private retries = 0;
  private hasBeenLive = false;
  private stopped = false;
  private lastHeard = 0;
  private ticks = 0;
  private pollTimer: ReturnType<typeof setTimeout> | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private state: Connection = "connecting";

  constructor(
    private readonly lineup: Uuid,
    private readonly api: Pick<Api, "job" | "status">,
    private readonly events: LiveEvents,
  ) {}

  start(): void {
    this.lastHeard = Date.now();
    this.connect();
    this.pollTimer = setTimeout(() => void this.tick(), POLL_MS);
  }

  stop(state?: Connection): void {
    this.stopped = true;
    clearTimeout(this.pollTimer);
    clearTimeout(this.retryTimer);
    this.socket?.close();
    this.socket = null;
    if (state) this.become(state);
  }

  private connect(): void {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws/lineups/${this.lineup}/`);
    this.socket = socket;
    socket.onmessage = (event: MessageEvent<string>) => this.hear(JSON.parse(event.data) as LiveMessage);
    socket.onclose = (event) => this.lost(event.code);
  }

  private hear(message: LiveMessage): void {
    if (this.stopped) return;
    this.lastHeard = Date.now();
    switch (message.type) {
      case "snapshot":
        this.retries = 0;
        this.become("live");
        if (this.hasBeenLive) this.events.resync();
        this.hasBeenLive = true;
        message.jobs.forEach((job) => this.events.job(job));
        this.events.status(message.status);
        break;
      case "job":
        this.events.job(message.job);
        break;
      case "status":
        this.events.status(message.status);
        break;
    }
  }

  private lost(code: number): void {
    if (this.stopped) return;
    this.socket = null;
    if (code === SIGNED_OUT) return this.stop("signed-out");
    if (code === NOT_YOURS) return this.stop("gone");
    this.become("polling");
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.retries);
    this.retries += 1;
    // A third of chance, so that all screens of a site do not come back at the same moment.
    this.retryTimer = setTimeout(() => this.connect(), wait * (1 + Math.random() / 3));
  }

  private async tick(): Promise<void> {
    this.ticks += 1;
    try {
      await this.poll();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.signedOut) return this.stop("signed-out");
      // Anything else passes: the next tick asks again, and the screen says that the connection is lost.
    } finally {
      if (!this.stopped) this.pollTimer = setTimeout(() => void this.tick(), POLL_MS);
    }
  }

  private async poll(): Promise<void> {
    const silent = Date.now() - this.lastHeard > SILENCE_MS;
    if (this.state === "live" && !silent) return;
    for (const id of this.events.unfinished()) {
      const job = await this.api.job(id);
      if (!this.stopped) this.events.job(job);
    }
    if (this.state !== "live" && this.ticks % STATUS_EVERY === 0) this.events.status(await this.api.status());
  }

  private become(state: Connection): void {
    if (state === this.state) return;
    this.state = state;
    this.events.connection(state);
  }
}
