// What makes structuredClone and postMessage refuse an object, of which they would make one without methods.

/** A symbol cannot be cloned, and the error shows its description: a field that holds it makes the error say what to send instead. */
export const UNCLONEABLE: symbol = /* @__PURE__ */ Symbol(
  'an object of @idspace/next-id: send its snapshot or handle, if it has one',
);
