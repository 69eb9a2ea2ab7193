// What follows from a target alone is worked out once, however many checkpoints are planned for it.

/**
 * Makes a function that keeps what it made of an object as long as the object is there.
 *
 * @param make Must depend on nothing else; the object must not be changed after its first use.
 */
export function oncePer<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new WeakMap<Key, { value: Value }>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known.value;
    const value = make(key);
    made.set(key, { value });
    return value;
  };
}
