// What a thread that reads checkpoints is sent, and answers: errors lose their class on the way, and get it back.
import { CheckpointError, type CheckpointErrorCode } from '@idspace/restore-planner';

export interface Request {
  path: string;
  tree: boolean;
}

export type Reply<Result> = { progress: number } | { result: Result } | { error: ErrorMessage };

type ErrorMessage =
  | { code: CheckpointErrorCode; file: string; offset: number | null; got: string; expected: string }
  | { code: null; message: string; stack: string | undefined };

export function messageOf(error: unknown): ErrorMessage {
  if (error instanceof CheckpointError) {
    const { code, file, offset, got, expected } = error;
    return { code, file, offset, got, expected };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: null, message, stack };
}

export function errorOf(sent: ErrorMessage): Error {
  if (sent.code === null) return Object.assign(new Error(sent.message), { stack: sent.stack });
  const { code, file, offset, got, expected } = sent;
  return new CheckpointError(code, { file, offset }, got, expected);
}
