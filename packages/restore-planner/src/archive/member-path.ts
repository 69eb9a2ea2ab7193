// Names in archives, whose parts are separated by '/' on every system.

/** 'a/b/c' → 'c' */
export function baseOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** 'a/b/c' → 'a/b', 'a' → '' */
export function folderOf(name: string): string {
  return name.slice(0, Math.max(name.lastIndexOf('/'), 0));
}

/** Puts a name below a folder, '' being the top; parts that are '.' or empty are left out. */
export function below(folder: string, name: string): string {
  return `${folder}/${name}`
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}
