// For `emcc --post-js`: lets GL use the names of deleted objects again. They are kept by gl-names.js, which `--extern-pre-js` puts first.
if (typeof GL !== 'undefined') {
  // biome-ignore lint/complexity/useLiteralKeys: Closure renames what is not quoted
  const nameIn = globalThis['glNames']();
  GL.getNewId = (table) => {
    const name = nameIn(table);
    // GL refuses the programs of names that its counter has not reached.
    if (name >= GL.counter) GL.counter = name + 1;
    return name;
  };
}
