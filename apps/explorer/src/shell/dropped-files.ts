// The files that a person gave: dropped, picked or pasted; folders with all that is in them.

/** Files by their paths, with `/` between the parts. */
export type Files = Map<string, File>;

/** Files that are taken of one drop: a checkpoint has some hundred. */
export const MOST_FILES = 100_000;

/** Why files are not taken, in words. */
export class DropError extends Error {
  override readonly name = 'DropError';
}

/**
 * Takes what was dropped. It must be called while the event is handled: afterwards the browser has nothing to give.
 *
 * @throws DropError for nothing, or more than {@link MOST_FILES} files.
 */
export async function droppedFiles(data: DataTransfer): Promise<Files> {
  const files: Files = new Map();
  // All of it before the first await.
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const plain = [...data.files];
  const text = data.getData('text/plain');
  for (const entry of entries) await addEntry(files, entry);
  if (entries.length === 0) for (const file of plain) add(files, file.name, file);
  if (files.size === 0 && text !== '') return textFiles(text);
  if (files.size === 0) throw new DropError('got nothing that can be read, expected files, a folder or text');
  return files;
}

/** Takes what was picked, as files or as a folder. */
export function pickedFiles(list: FileList): Files {
  const files: Files = new Map();
  for (const file of list) add(files, file.webkitRelativePath || file.name, file);
  return files;
}

/** Makes a file of text that was typed or pasted. */
export function textFiles(text: string): Files {
  return new Map([['pasted text', new File([text], 'pasted text')]]);
}

/** Folders come as a list that is asked for until it is empty. */
async function addEntry(files: Files, entry: FileSystemEntry): Promise<void> {
  const waiting = [entry];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next.isFile) {
      add(files, next.fullPath.replace(/^\//, ''), await fileOf(next as FileSystemFileEntry));
      continue;
    }
    const reader = (next as FileSystemDirectoryEntry).createReader();
    for (let some = await readSome(reader); some.length > 0; some = await readSome(reader)) waiting.push(...some);
    if (waiting.length > MOST_FILES) throw tooMany();
  }
}

function add(files: Files, path: string, file: File): void {
  files.set(path, file);
  if (files.size > MOST_FILES) throw tooMany();
}

function tooMany(): DropError {
  return new DropError(
    `got more than ${MOST_FILES.toLocaleString('en-US')} files, expected the folder of a checkpoint`,
  );
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, (cause) => reject(new DropError(`${entry.fullPath}: ${cause.message}`)));
  });
}

function readSome(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, (cause) => reject(new DropError(cause.message)));
  });
}
