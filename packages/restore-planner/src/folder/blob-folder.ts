// A folder among the files that a browser was given: those of a folder that was dropped or picked, by their paths.
import { baseOf, below, folderOf } from '../archive/member-path.ts';
import { BlobBytes, type BlobLike } from '../bytes/blob-bytes.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import type { FileSource, Folder, FolderEntry } from './folder.ts';

/** Files by their paths, with `/` between the parts: 'web-1/checkpoint/core-1.img'. */
export type FileMap = ReadonlyMap<string, BlobLike>;

/** What errors call the top, which has no name. */
const TOP = 'the folder';

/** The folders and files of a {@link FileMap}. */
export class FileTree {
  private readonly folders = new Map<string, Map<string, 'file' | 'folder'>>([['', new Map()]]);
  private readonly files = new Map<string, BlobLike>();

  constructor(files: FileMap) {
    for (const [path, blob] of files) {
      const name = below('', path);
      this.files.set(name, blob);
      this.add(name, 'file');
    }
  }

  /** Returns the folder at a path, '' being the top, whether there is one or not. */
  folder(path: string): Folder {
    return new BlobFolder(this, below('', path));
  }

  file(path: string): BlobLike | undefined {
    return this.files.get(below('', path));
  }

  /** @internal */
  entries(path: string): ReadonlyMap<string, 'file' | 'folder'> | undefined {
    return this.folders.get(path);
  }

  private add(path: string, kind: 'file' | 'folder'): void {
    const above = folderOf(path);
    const isKnown = this.folders.has(above);
    if (!isKnown) this.folders.set(above, new Map());
    this.folders.get(above)!.set(baseOf(path), kind);
    if (!isKnown) this.add(above, 'folder');
  }
}

class BlobFolder implements Folder {
  readonly path: string;
  private readonly tree: FileTree;
  private readonly place: string;

  constructor(tree: FileTree, place: string) {
    this.tree = tree;
    this.place = place;
    this.path = place || TOP;
  }

  get name(): string {
    return baseOf(this.place);
  }

  pathOf(name: string): string {
    return below(this.place, name);
  }

  async list(): Promise<FolderEntry[]> {
    const entries = this.tree.entries(this.place);
    if (entries === undefined) {
      const got = 'no such folder among the files given';
      throw new CheckpointError('unreadable', { file: this.path }, got, 'a folder that can be listed');
    }
    return [...entries].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async open(name: string, options: ReadOptions = {}): Promise<FileSource | undefined> {
    const path = this.pathOf(name);
    const blob = this.tree.file(path);
    return blob && new BlobBytes(path, blob, options);
  }

  below(name: string): Folder {
    return new BlobFolder(this.tree, this.pathOf(name));
  }

  above(): Folder {
    return new BlobFolder(this.tree, folderOf(this.place));
  }
}
