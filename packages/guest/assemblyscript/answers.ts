import { lowerBytes, lowerString, resultArea } from "./canonical";

/** What a component says to `init`, a message, a callback or `shutdown`: yes, perhaps with a reply, or no, with a reason. */
export class Answer {
  private static readonly yes: Answer = new Answer(-1, "", null);

  private constructor(
    private readonly error: i32,
    private readonly text: string,
    private readonly payload: Uint8Array | null,
  ) {}

  static ok(): Answer {
    return Answer.yes;
  }

  /** The reply to a request; dropped when nobody asked. Begins with a multicodec prefix. */
  static reply(payload: Uint8Array): Answer {
    return new Answer(-1, "", payload);
  }

  static invalidConfig(text: string): Answer {
    return new Answer(0, text, null);
  }

  static invalidInput(text: string): Answer {
    return new Answer(1, text, null);
  }

  static unsupported(text: string): Answer {
    return new Answer(2, text, null);
  }

  static failed(text: string): Answer {
    return new Answer(3, text, null);
  }

  /** Lowered as `result<option<list<u8>>, component-error>`, which begins like `result<_, component-error>`. */
  lower(): usize {
    if (this.error >= 0) return lowerError(this.error, this.text);
    const payload = this.payload;
    store<u8>(resultArea, 0);
    store<u8>(resultArea, u8(payload !== null), 4);
    if (payload !== null) lowerBytes(resultArea + 8, payload);
    return resultArea;
  }
}

/** What an operation comes to: bytes, in whatever encoding its caller expects, or a reason why there are none. */
export class Output {
  private constructor(
    private readonly error: i32,
    private readonly text: string,
    private readonly bytes: Uint8Array | null,
  ) {}

  static of(bytes: Uint8Array): Output {
    return new Output(-1, "", bytes);
  }

  static unknownOperation(text: string): Output {
    return new Output(0, text, null);
  }

  static invalidInput(text: string): Output {
    return new Output(1, text, null);
  }

  static failed(text: string): Output {
    return new Output(2, text, null);
  }

  /** Lowered as `result<list<u8>, execution-error>`. */
  lower(): usize {
    const bytes = this.bytes;
    if (bytes === null) return lowerError(this.error, this.text);
    store<u8>(resultArea, 0);
    lowerBytes(resultArea + 4, bytes);
    return resultArea;
  }
}

/** What a component says of its own state. */
export class Health {
  private static readonly well: Health = new Health(0, "");

  private constructor(
    private readonly status: u8,
    private readonly text: string,
  ) {}

  static healthy(): Health {
    return Health.well;
  }

  static degraded(text: string): Health {
    return new Health(1, text);
  }

  static unhealthy(text: string): Health {
    return new Health(2, text);
  }

  lower(): usize {
    store<u8>(resultArea, this.status);
    lowerString(resultArea + 4, this.text);
    return resultArea;
  }
}

function lowerError(error: i32, text: string): usize {
  store<u8>(resultArea, 1);
  store<u8>(resultArea, u8(error), 4);
  lowerString(resultArea + 8, text);
  return resultArea;
}
