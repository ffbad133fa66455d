import { vi } from "vitest";

type Answer = { status: number; body: unknown };
type Handler = (body: unknown) => unknown;

/** Answers what the browser asks for, by method and path; anything else is a mistake of the test. */
export class Site {
  readonly asked: string[] = [];
  /** What each change carried to show that it comes from this site. */
  readonly tokens: (string | undefined)[] = [];
  private readonly handlers = new Map<string, Handler>();

  constructor() {
    vi.stubGlobal("fetch", async (url: string, request: RequestInit) => {
      const question = `${request.method} ${url.replace("/api/v1/", "")}`;
      this.asked.push(question);
      if (request.method !== "GET") this.tokens.push((request.headers as Record<string, string>)["X-CSRFToken"]);
      const handler = this.handlers.get(question);
      if (!handler) throw new Error(`Nobody answers ${question}`);
      const sent = typeof request.body === "string" ? JSON.parse(request.body) : request.body;
      const answer = handler(sent);
      const { status, body } = isAnswer(answer) ? answer : { status: 200, body: answer };
      const text = status === 204 ? null : JSON.stringify(body);
      return new Response(text, { status, headers: { "Content-Type": "application/json" } });
    });
  }

  on(question: string, handler: Handler): this {
    this.handlers.set(question, handler);
    return this;
  }

  count(question: string): number {
    return this.asked.filter((one) => one === question).length;
  }
}

export const refuse = (status: number, code: string, detail: string, fields?: object): Answer => ({
  status,
  body: { code, detail, ...(fields ? { fields } : {}) },
});

function isAnswer(answer: unknown): answer is Answer {
  return typeof answer === "object" && answer !== null && "body" in answer && "status" in answer;
}

/** Stands for the browser's end of a websocket; the test speaks as the site. */
export class Socket {
  static readonly opened: Socket[] = [];
  static get last(): Socket {
    const socket = Socket.opened.at(-1);
    if (!socket) throw new Error("No socket has been opened");
    return socket;
  }

  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    Socket.opened.push(this);
  }

  static install(): void {
    Socket.opened.length = 0;
    vi.stubGlobal("WebSocket", Socket);
  }

  say(message: object): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  drop(code = 1006): void {
    this.onclose?.({ code });
  }

  close(): void {
    this.drop(1000);
  }
}
