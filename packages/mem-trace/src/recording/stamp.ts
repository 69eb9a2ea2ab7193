// Notes what is known of an array on the array itself, in a private field: that is read in a third of the time of a WeakMap. The program
// cannot see the field, and copies of an array do not have it.

/** Arrays that the program has closed to new fields. Engines are going to refuse private ones there, too. */
const closed = new WeakMap<object, object>();

class Given {
  constructor(view: object) {
    // biome-ignore lint/correctness/noConstructorReturn: the class below gives its field to an object that it did not make
    return view;
  }
}

export class Stamp extends Given {
  #known: object;

  private constructor(view: object, known: object) {
    super(view);
    this.#known = known;
  }

  /** What is noted on an array or a DataView; undefined where nothing is, or where it is closed. */
  static of(view: object): object | undefined {
    return #known in view ? view.#known : undefined;
  }

  /** The same, also where it is closed. */
  static find(view: object): object | undefined {
    return Stamp.of(view) ?? closed.get(view);
  }

  static put(view: object, known: object): void {
    if (#known in view) view.#known = known;
    else if (Object.isExtensible(view)) new Stamp(view, known);
    else closed.set(view, known);
  }
}
