import { hostCallSignal } from "@airssys/engine";
import { OperationFailedError, OslError, type OslErrorCode, UnsuitableFileError } from "@airssys/osl";

/** How what went wrong on the system is put to a component: by what this host says of it, or by what the system said. */
export interface Answers<Tag extends string> {
  readonly codes: Readonly<Record<OslErrorCode, Tag>>;
  /** By the system's name for it, such as `ENOENT`. */
  readonly systemCodes: Readonly<Record<string, Tag>>;
}

/** The error case of a WIT result, as a component gets it. */
export interface WitError {
  readonly tag: string;
  readonly val: string;
}

/** Does something on the system for the call at hand, which ends it. */
export type Ask = <Value>(work: (signal: AbortSignal) => Promise<Value>) => Promise<Value>;

/** What the work comes to, or the error that the component is told. What is no refusal and no failure of the system is a bug of the host. */
export function asking(answers: Answers<string>): Ask {
  return async (work) => {
    // Before anything is awaited: there is a call at hand now.
    const signal = hostCallSignal();
    try {
      return await work(signal);
    } catch (error) {
      throw answerOf(error, answers);
    }
  };
}

function answerOf(error: unknown, { codes, systemCodes }: Answers<string>): unknown {
  if (!(error instanceof OslError)) return error;
  const answer: WitError = { tag: systemCodes[systemCodeOf(error) ?? ""] ?? codes[error.code], val: wordsFor(error) };
  return answer;
}

/** What the system says, or would have said. */
function systemCodeOf(error: OslError): string | undefined {
  if (error instanceof OperationFailedError) return error.systemCode;
  return error instanceof UnsuitableFileError && error.found === "directory" ? "EISDIR" : undefined;
}

/** Why policy refuses is the operator's affair. */
function wordsFor(error: OslError): string {
  if (error.code === "OSL_DENIED") return "it is not granted";
  return error.code === "OSL_AUDIT_FAILED" ? "it cannot be recorded" : error.message;
}

/** Ends the call with a WIT error: a thrown value that is no Error is the error of the result. */
export function refuse(tag: string, val: string): never {
  const answer: WitError = { tag, val };
  throw answer; // oxlint-disable-line typescript/only-throw-error -- the error case of a WIT result is a value
}
