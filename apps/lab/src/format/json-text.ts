// A JSON document as a command prints it.
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
