// Where a person gives files: dropped anywhere on the page, picked, or pasted as text.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import './drop-zone.css';
import { droppedFiles, type Files, pickedFiles, textFiles } from './dropped-files.ts';
import { Explained } from './term.tsx';

interface DropZoneProps {
  /** What may be dropped, in a sentence. */
  readonly label: string;
  /** What may be pasted: 'the text of /proc/PID/timers, or JSON'. Absent: nothing. */
  readonly pastes?: string;
  /** Whether folders can be picked. */
  readonly folders?: boolean;
  readonly onFiles: (files: Files) => void;
  readonly onError: (error: unknown) => void;
  /** More buttons, such as examples. */
  readonly children?: ComponentChildren;
}

/** A panel with the ways to give files; drops and pastes count wherever they are made while it is on the page. */
export function DropZone({ label, pastes, folders = false, onFiles, onError, children }: DropZoneProps): JSX.Element {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault(); // or the browser shows the file in place of the page
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) droppedFiles(event.dataTransfer).then(onFiles, onError);
    };
    const paste = (event: ClipboardEvent): void => {
      if (event.clipboardData === null || isTyped(event.target)) return;
      event.preventDefault();
      droppedFiles(event.clipboardData).then(onFiles, onError);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, [onFiles, onError]);
  return (
    <section class={isOver ? 'drop-zone over' : 'drop-zone'} aria-label="Give a file">
      <p>
        <Explained text={label} />
      </p>
      <div class="row">
        <Picker label="Choose a file" onFiles={onFiles} onError={onError} />
        {folders && <Picker label="Choose a folder" isFolder onFiles={onFiles} onError={onError} />}
        {children}
      </div>
      {pastes !== undefined && <Paste what={pastes} onFiles={onFiles} />}
    </section>
  );
}

function isTyped(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea') !== null;
}

interface PickerProps extends Pick<DropZoneProps, 'onFiles' | 'onError'> {
  readonly label: string;
  readonly isFolder?: boolean;
}

function Picker({ label, isFolder = false, onFiles, onError }: PickerProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const kind = isFolder ? { webkitdirectory: true } : {}; // not in Preact's types
  const take = (): void => {
    const { files } = input.current!;
    if (files === null || files.length === 0) return;
    try {
      onFiles(pickedFiles(files));
    } catch (error) {
      onError(error);
    }
    input.current!.value = ''; // so that the same file can be chosen again
  };
  return (
    <>
      <button type="button" onClick={() => input.current!.click()}>
        {label}
      </button>
      <input ref={input} type="file" hidden multiple onChange={take} aria-label={label} {...kind} />
    </>
  );
}

function Paste({ what, onFiles }: { what: string; onFiles: (files: Files) => void }): JSX.Element {
  const text = useRef<HTMLTextAreaElement>(null);
  return (
    <details class="paste">
      <summary>Paste text</summary>
      <label>
        {what}
        <textarea ref={text} rows={6} spellcheck={false} />
      </label>
      <button type="button" onClick={() => onFiles(textFiles(text.current!.value))}>
        Read it
      </button>
    </details>
  );
}
